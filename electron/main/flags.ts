import path from 'node:path'
import { parseArgs } from 'node:util'
import { type ConsoleAddress, DEFAULT_CONSOLE, parseConsoleAddress } from '../../proxy/host/console/console-address'

/** What the desktop app was started with. */
export interface Flags {
  /** Start in the tray, without a window. */
  readonly hidden: boolean
  /** The document to use and to save to; absolute. */
  readonly configFile: string | null
  /** Where everything is kept; absolute. */
  readonly dataDirectory: string | null
  /** Where the console listens, for the command line and scripts; null: nowhere. A sentence where the flag cannot be read. */
  readonly console: ConsoleAddress | null | string
}

/**
 * Reads our own flags. `argv` also holds Electron's and Chromium's switches and the app's path, so whatever is not ours
 * is skipped. Relative paths are the starter's: they count from `cwd`.
 */
export function readFlags(argv: readonly string[], cwd: string): Flags {
  const { values } = parseArgs({
    args: argv.slice(1),
    options: {
      hidden: { type: 'boolean' },
      config: { type: 'string' },
      data: { type: 'string' },
      console: { type: 'string' },
      'no-console': { type: 'boolean' },
    },
    strict: false,
    allowPositionals: true,
  })
  return {
    hidden: values['hidden'] === true,
    configFile: absolute(values['config'], cwd),
    dataDirectory: absolute(values['data'], cwd),
    console: values['no-console'] === true ? null : consoleOf(values['console']),
  }
}

function consoleOf(value: unknown): ConsoleAddress | string {
  return typeof value === 'string' && value !== '' ? parseConsoleAddress(value) : DEFAULT_CONSOLE
}

function absolute(value: unknown, cwd: string): string | null {
  return typeof value === 'string' && value !== '' ? path.resolve(cwd, value) : null
}
