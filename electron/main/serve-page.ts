import { controlApi } from '../../proxy/contract/control-api'
import { controlEvents, type ControlEventName } from '../../proxy/contract/events'
import { serveRpc } from '../../proxy/contract/rpc/server'
import type { Transport } from '../../proxy/contract/rpc/transport'
import { turn } from '../../proxy/host/turn'
import type { Host } from '../../proxy/host/host'

const EVENT_NAMES = Object.keys(controlEvents).filter((name): name is ControlEventName => Object.hasOwn(controlEvents, name))

/** Makes a window's page a client of the host: its calls are answered, and it hears every event until it is left. */
export function servePage(transport: Transport, host: Host, log: (line: string) => void): void {
  serveRpc(transport, controlApi, host.handlers, {
    turn,
    onFault: (error, call) => log(`${call}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  })
  const stops = EVENT_NAMES.map((name) => host.on(name, (payload) => transport.send({ kind: 'event', name, payload })))
  transport.onClose(() => {
    for (const stop of stops) stop()
  })
}
