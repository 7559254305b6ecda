import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { writeFileAtomic } from '../host/store/atomic-file'
import { documentText } from '../host/store/document-file'
import { systemWords } from '../host/store/system-words'
import { type Command, parseCommand } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'
import { CommandError } from './usage-error'

export const exportConfig: Command = {
  usage: '[FILE] [--with-secrets] [--data DIR]',
  summary: 'writes the configuration to a file, or prints it; its secrets are masked unless asked for',
  async run(args) {
    const { values, positionals } = parseCommand(
      args,
      { data: { type: 'string' }, 'with-secrets': { type: 'boolean' } },
      { min: 0, max: 1, what: '' },
    )
    const client = GatewayClient.find(dataDirectory(values.data))
    const text = values['with-secrets'] === true ? await stored(client) : documentText((await client.call('config.get', {})).document)
    const [file] = positionals
    if (file === undefined) process.stdout.write(text)
    else {
      try {
        writeTo(file, text)
      } catch (error) {
        throw new CommandError(`${file} cannot be written: ${systemWords(error)}.`)
      }
    }
    return 0
  },
}

/** The store itself, as far as whoever asks may read it: no call gives secrets away. */
async function stored(client: GatewayClient): Promise<string> {
  const { configFile } = await client.call('info', {})
  try {
    return readFileSync(configFile, 'utf8')
  } catch (error) {
    throw new CommandError(`${configFile} cannot be read: ${systemWords(error)}.`)
  }
}

/** In one step where a file is or shall be, behind a link too; straight into a device or a pipe, which must not be replaced by a file. */
function writeTo(file: string, text: string): void {
  const there = statSync(file, { throwIfNoEntry: false })
  if (there && !there.isFile()) writeFileSync(file, text)
  else writeFileAtomic(there ? realpathSync(file) : file, text)
}
