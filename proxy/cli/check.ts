import { readFileSync } from 'node:fs'
import { addressNotes } from '../contract/host-bits'
import { atOnce } from '../contract/steps'
import { formatIssue } from '../contract/issue'
import { ownAddresses, ownNames } from '../host/own-addresses'
import { readDocument, type ReadDocument } from '../host/store/read-document'
import { systemWords } from '../host/store/system-words'
import { type Command, parseCommand, print } from './command'
import { CommandError } from './usage-error'

export const check: Command = {
  usage: 'FILE',
  summary: 'says whether a configuration file is valid, or one line per error',
  async run(args) {
    const { positionals } = parseCommand(args, { data: { type: 'string' } }, { min: 1, max: 1, what: 'the FILE to check' })
    const file = positionals[0] ?? ''
    const read = readConfigFile(file)
    if (!read.ok) {
      for (const issue of read.issues) print(formatIssue(issue))
      return 1
    }
    for (const note of atOnce(addressNotes(read.config))) print(`note: ${formatIssue(note)}`)
    print(`${file} is valid: ${counted(read.config.listeners.length, 'listener')}, ${counted(read.config.services.length, 'service')}.`)
    return 0
  },
}

/** Reads and checks a file as this machine would use it. Throws a CommandError where it cannot be read. */
export function readConfigFile(file: string): ReadDocument {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandError(
      `${file} cannot be read: ${error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : systemWords(error)}.`,
    )
  }
  return readDocument(text, { ownAddresses: ownAddresses(), ownNames: ownNames() })
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
