import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'

export const link: Command = {
  usage: '[--data DIR]',
  summary: 'prints a fresh sign-in link to the console, good once and for 15 minutes',
  async run(args) {
    const { values } = parseCommand(args, { data: { type: 'string' } }, { min: 0, max: 0, what: '' })
    print(await GatewayClient.find(dataDirectory(values.data)).signInLink())
    return 0
  },
}
