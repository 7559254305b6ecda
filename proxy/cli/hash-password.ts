import { text } from 'node:stream/consumers'
import { hashPassword } from '../host/hash-password'
import { type Command, parseCommand, print } from './command'
import { CommandError } from './usage-error'

export const hashPasswordCommand: Command = {
  usage: '',
  summary: 'reads a password from standard input and prints its hash for `basicAuth`',
  async run(args) {
    parseCommand(args, {}, { min: 0, max: 0, what: '' })
    if (process.stdin.isTTY) process.stderr.write('Type the password, then Enter and Ctrl+D: ')
    const password = (await text(process.stdin)).replace(/\r?\n$/, '')
    if (password === '') throw new CommandError('There was no password on standard input.')
    print(await hashPassword(password))
    return 0
  },
}
