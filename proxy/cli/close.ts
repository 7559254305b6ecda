import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { editConfig } from './edit-config'
import { GatewayClient } from './gateway-client'

export const close: Command = {
  usage: '[--data DIR]',
  summary: 'closes everything: no service can be reached until `astrorelay open`',
  run: (args) => setClosed(args, true),
}

export const open: Command = {
  usage: '[--data DIR]',
  summary: 'opens again what `close` closed',
  run: (args) => setClosed(args, false),
}

async function setClosed(args: readonly string[], closed: boolean): Promise<number> {
  const { values } = parseCommand(args, { data: { type: 'string' } }, { min: 0, max: 0, what: '' })
  const client = GatewayClient.find(dataDirectory(values.data))
  const { saved } = await editConfig(
    client,
    (document) => ({ document: { ...document, settings: { ...document.settings, closed } }, result: null }),
    closed ? 'Closed everything' : 'Opened again',
  )
  print(
    closed ? `Everything is closed; ${saved.ended} open connections were ended. Open again: astrorelay open` : 'Everything is open again.',
  )
  return 0
}
