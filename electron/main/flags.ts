import path from 'node:path'
import { parseArgs } from 'node:util'

/** What the desktop app was started with. */
export interface Flags {
  /** Start in the tray, without a window. */
  readonly hidden: boolean
  /** The document to use and to save to; absolute. */
  readonly configFile: string | null
  /** Where everything is kept; absolute. */
  readonly dataDirectory: string | null
}

/**
 * Reads our own flags. `argv` also holds Electron's and Chromium's switches and the app's path, so whatever is not ours
 * is skipped. Relative paths are the starter's: they count from `cwd`.
 */
export function readFlags(argv: readonly string[], cwd: string): Flags {
  const { values } = parseArgs({
    args: argv.slice(1),
    options: { hidden: { type: 'boolean' }, config: { type: 'string' }, data: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  })
  return { hidden: values['hidden'] === true, configFile: absolute(values['config'], cwd), dataDirectory: absolute(values['data'], cwd) }
}

function absolute(value: unknown, cwd: string): string | null {
  return typeof value === 'string' && value !== '' ? path.resolve(cwd, value) : null
}
