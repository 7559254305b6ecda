import { CallError } from '../contract/failure'
import { formatIssue } from '../contract/issue'
import { activate, drain, maintain, swap } from './backend-state'
import { block, unblock } from './block'
import { check } from './check'
import { close, open } from './close'
import { type Command, print } from './command'
import { exportConfig } from './export'
import { expose } from './expose'
import { hashPasswordCommand } from './hash-password'
import { importConfig } from './import'
import { link } from './link'
import { lock, rotate, unlock, verify } from './lockdown'
import { serve } from './serve'
import { status } from './status'
import { systemdUnit } from './systemd-unit'
import { testAccess } from './test-access'
import { CommandError, UsageError } from './usage-error'
import { version } from './version'

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['serve', serve],
  ['check', check],
  ['expose', expose],
  ['status', status],
  ['drain', drain],
  ['maintain', maintain],
  ['activate', activate],
  ['swap', swap],
  ['test-access', testAccess],
  ['lock', lock],
  ['verify', verify],
  ['rotate', rotate],
  ['unlock', unlock],
  ['block', block],
  ['unblock', unblock],
  ['close', close],
  ['open', open],
  ['hash-password', hashPasswordCommand],
  ['export', exportConfig],
  ['import', importConfig],
  ['link', link],
  ['systemd-unit', systemdUnit],
])

/** Runs a command line and gives its exit code: 0 done, 1 could not be done, 2 not understood. */
export async function run(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args
  try {
    if (name === '--version' || name === '-v') return said(version())
    if (name === 'help' || name === '--help' || name === '-h') return said(help(rest[0]))
    const command = COMMANDS.get(name)
    if (!command) throw new UsageError(name.startsWith('-') ? `There is no option ${name}.` : `There is no command “${name}”.`)
    if (rest.includes('--help') || rest.includes('-h')) return said(help(name))
    return await command.run(rest)
  } catch (error) {
    return explain(error)
  }
}

function said(text: string): number {
  print(text)
  return 0
}

function help(name: string | undefined): string {
  const command = name === undefined ? undefined : COMMANDS.get(name)
  if (name !== undefined && command) return `astrorelay ${name} ${command.usage}\n  ${command.summary}`
  const lines = [...COMMANDS].map(([word, { usage, summary }]) => `  astrorelay ${word} ${usage}\n      ${summary}`)
  return [
    'AstroRelay exposes web services of this machine and network through one gateway.',
    '',
    '  astrorelay\n      opens the desktop app; without a display or Electron runtime, does what `serve` does',
    ...lines,
    '  astrorelay help [COMMAND] · astrorelay --version',
  ].join('\n')
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    tell(`${error.message} See: astrorelay help`)
    return 2
  }
  if (error instanceof CallError) {
    if (error.issues.length === 0) tell(error.message)
    for (const issue of error.issues) tell(formatIssue(issue))
    return 1
  }
  if (error instanceof CommandError) tell(error.message)
  else tell(`A fault in AstroRelay: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return 1
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}
