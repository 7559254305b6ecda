import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'

export const testAccess: Command = {
  usage: 'SERVICE ADDRESS [--json] [--data DIR]',
  summary: 'says whether an address would be let in to a service, and the rule that decides (exit 0: yes, 1: no)',
  async run(args) {
    const { values, positionals } = parseCommand(
      args,
      { json: { type: 'boolean' }, data: { type: 'string' } },
      { min: 2, max: 2, what: 'the SERVICE and the ADDRESS' },
    )
    const [service = '', address = ''] = positionals
    const verdict = await GatewayClient.find(dataDirectory(values.data)).call('access.test', { service, address })
    if (values.json) print(JSON.stringify(verdict, null, 2))
    else {
      print(`${verdict.decision}: ${verdict.because}`)
      for (const note of verdict.notes) print(`note: ${note}`)
    }
    return verdict.decision === 'allow' ? 0 : 1
  },
}
