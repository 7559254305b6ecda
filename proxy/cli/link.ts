import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'

export const link: Command = {
  usage: '[--revoke-all] [--data DIR]',
  summary: 'prints a fresh sign-in link to the console, good once and for five minutes; or signs all browsers out',
  async run(args) {
    const { values } = parseCommand(args, { data: { type: 'string' }, 'revoke-all': { type: 'boolean' } }, { min: 0, max: 0, what: '' })
    const client = GatewayClient.find(dataDirectory(values.data))
    if (values['revoke-all'] === true) {
      const { ended } = await client.call('sessions.revokeAll', {})
      print(`Signed out: ${ended === 1 ? '1 browser' : `${ended} browsers`}.`)
    } else print(await client.signInLink())
    return 0
  },
}
