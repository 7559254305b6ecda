import path from 'node:path'
import { formatIssue } from '../contract/issue'
import { readConfigFile } from './check'
import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'

export const importConfig: Command = {
  usage: 'FILE [--data DIR]',
  summary: 'makes a file’s content the configuration; the present one stays in the history',
  async run(args) {
    const { values, positionals } = parseCommand(args, { data: { type: 'string' } }, { min: 1, max: 1, what: 'the FILE to import' })
    const file = positionals[0] ?? ''
    const client = GatewayClient.find(dataDirectory(values.data))
    const read = readConfigFile(file)
    if (!read.ok) {
      for (const issue of read.issues) print(formatIssue(issue))
      return 1
    }
    const before = await client.call('config.get', {})
    const { revision, ended, notes } = await client.call('config.put', {
      document: read.document,
      by: 'command line',
      summary: `Imported ${path.basename(file)}`,
    })
    print(
      revision === before.revision
        ? 'Nothing to change: this is the present configuration.'
        : `Imported ${file} as revision ${revision}; the one before is revision ${before.revision} in the history.`,
    )
    if (ended > 0) print(`${ended} open ${ended === 1 ? 'connection was' : 'connections were'} ended.`)
    for (const note of notes) print(`note: ${formatIssue(note)}`)
    return 0
  },
}
