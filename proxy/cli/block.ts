import { parseClient } from '../contract/address'
import { wallTime } from '../contract/clock'
import { parseDuration } from '../contract/config/scalars'
import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { editConfig } from './edit-config'
import { GatewayClient } from './gateway-client'
import { UsageError } from './usage-error'

export const block: Command = {
  usage: 'ADDRESS [--for 2h] [--reason TEXT] [--data DIR]',
  summary: 'puts an address, block or range on the gateway’s block list',
  async run(args) {
    const { values, positionals } = parseCommand(
      args,
      { for: { type: 'string' }, reason: { type: 'string' }, data: { type: 'string' } },
      { min: 1, max: 1, what: 'the ADDRESS to block' },
    )
    const from = positionals[0] ?? ''
    const until = endOf(values.for)
    const client = GatewayClient.find(dataDirectory(values.data))
    const entry = { from, ...(until === undefined ? {} : { until }), ...(values.reason === undefined ? {} : { reason: values.reason }) }
    const { saved } = await editConfig(
      client,
      (document) => ({
        document: { ...document, blocked: [...(document.blocked ?? []).filter((known) => known.from !== from), entry] },
        result: null,
      }),
      `Blocked ${from}`,
    )
    for (const { message } of saved.notes.filter(({ path }) => path.startsWith('blocked'))) print(`note: ${message}`)
    print(`${from} is blocked${until === undefined ? '' : ` until ${until}`}; ${saved.ended} open connections were ended`)
    return 0
  },
}

export const unblock: Command = {
  usage: 'ADDRESS [--data DIR]',
  summary: 'takes an address off the block list, and ends its block where it was blocked by itself',
  async run(args) {
    const { values, positionals } = parseCommand(
      args,
      { data: { type: 'string' } },
      { min: 1, max: 1, what: 'the ADDRESS to let in again' },
    )
    const from = positionals[0] ?? ''
    const client = GatewayClient.find(dataDirectory(values.data))
    const { ended } = parseClient(from) === null ? { ended: false } : await client.call('access.unblock', { address: from })
    const { result: removed } = await editConfig(
      client,
      (document) => {
        const blocked = (document.blocked ?? []).filter((entry) => entry.from !== from)
        return { document: { ...document, blocked }, result: (document.blocked ?? []).length - blocked.length }
      },
      `Unblocked ${from}`,
    )
    print(removed > 0 || ended ? `${from} is not blocked any more` : `${from} was not blocked`)
    return removed > 0 || ended ? 0 : 1
  },
}

function endOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const ms = parseDuration(text)
  if (ms === null || ms === 0) throw new UsageError('--for: write a duration such as 30m, 2h or 7d.')
  return new Date(wallTime() + ms).toISOString()
}
