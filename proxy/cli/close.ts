import { closePastHost } from '../host/spawn/close-past-host'
import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { editConfig } from './edit-config'
import { GatewayClient } from './gateway-client'
import { HostGoneError, HostSilentError } from './usage-error'

export const close: Command = {
  usage: '[--data DIR]',
  summary: 'closes everything: no service can be reached until `astrorelay open`',
  async run(args) {
    const data = directoryOf(args)
    const ended = await setClosed(data, true).catch((error: unknown) => {
      if (error instanceof HostSilentError || error instanceof HostGoneError) return closePast(data, error)
      throw error
    })
    print(`Everything is closed; ${ended} open connections were ended. Open again: astrorelay open`)
    return 0
  },
}

export const open: Command = {
  usage: '[--data DIR]',
  summary: 'opens again what `close` closed',
  async run(args) {
    await setClosed(directoryOf(args), false)
    print('Everything is open again.')
    return 0
  },
}

function directoryOf(args: readonly string[]): string {
  return dataDirectory(parseCommand(args, { data: { type: 'string' } }, { min: 0, max: 0, what: '' }).values.data)
}

/** Gives how many open connections were ended. */
async function setClosed(data: string, closed: boolean): Promise<number> {
  const { saved } = await editConfig(
    GatewayClient.find(data),
    (document) => ({ document: { ...document, settings: { ...document.settings, closed } }, result: null }),
    closed ? 'Closed everything' : 'Opened again',
  )
  return saved.ended
}

/** The engine serves without its host, and closes without it, too. */
async function closePast(data: string, unasked: HostSilentError | HostGoneError): Promise<number> {
  const ended = await closePastHost(data)
  if (ended === null) throw unasked
  const host = unasked instanceof HostSilentError ? 'does not answer' : 'cannot be asked'
  print(`The program that supervises the gateway ${host}. The gateway itself was told, and stays closed.`)
  return ended
}
