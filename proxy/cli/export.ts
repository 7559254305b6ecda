import { realpathSync, statSync, writeFileSync } from 'node:fs'
import { writeFileAtomic } from '../host/store/atomic-file'
import { documentText } from '../host/store/document-file'
import { systemWords } from '../host/store/system-words'
import { type Command, parseCommand } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'
import { CommandError } from './usage-error'

export const exportConfig: Command = {
  usage: '[FILE] [--data DIR]',
  summary: 'writes the configuration to a file, or prints it',
  async run(args) {
    const { values, positionals } = parseCommand(args, { data: { type: 'string' } }, { min: 0, max: 1, what: '' })
    const { document } = await GatewayClient.find(dataDirectory(values.data)).call('config.get', {})
    const [file] = positionals
    if (file === undefined) process.stdout.write(documentText(document))
    else {
      try {
        writeTo(file, documentText(document))
      } catch (error) {
        throw new CommandError(`${file} cannot be written: ${systemWords(error)}.`)
      }
    }
    return 0
  },
}

/** In one step where a file is or shall be, behind a link too; straight into a device or a pipe, which must not be replaced by a file. */
function writeTo(file: string, text: string): void {
  const there = statSync(file, { throwIfNoEntry: false })
  if (there && !there.isFile()) writeFileSync(file, text)
  else writeFileAtomic(there ? realpathSync(file) : file, text)
}
