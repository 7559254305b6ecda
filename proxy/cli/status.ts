import type { Status } from '../contract/status'
import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'

export const status: Command = {
  usage: '[--json] [--data DIR]',
  summary: 'listeners, services, backends and how they fare',
  async run(args) {
    const { values } = parseCommand(args, { json: { type: 'boolean' }, data: { type: 'string' } }, { min: 0, max: 0, what: '' })
    const gateway = GatewayClient.find(dataDirectory(values.data))
    const status = await gateway.call('status', {})
    if (values.json) print(JSON.stringify(status, null, 2))
    else {
      for (const line of statusLines(status)) print(line)
      const { readOnly } = await gateway.call('info', {})
      if (readOnly !== null) print(`Changes cannot be saved: ${readOnly}`)
    }
    return 0
  },
}

/** The status as people read it in a terminal. */
export function statusLines({ engine, listeners, services, version, revision }: Status): string[] {
  return [
    `AstroRelay ${version}, revision ${revision}: gateway ${engine.state}${engine.pid === null ? '' : ` (pid ${engine.pid})`}${engine.state !== 'running' && engine.lastFailure !== null ? `: ${engine.lastFailure}` : ''}`,
    ...listeners.map(
      ({ id, address, port, protocol, state, reason }) =>
        `listener ${id}: ${protocol} ${address.includes(':') ? `[${address}]` : address}:${port} ${state}${reason === null ? '' : ` (${reason})`}`,
    ),
    ...services.flatMap((service) => [
      `service ${service.id}: ${service.maintenance && service.state !== 'off' ? 'in maintenance, visitors get its page' : service.state}${service.onBackup ? ', on its backup' : ''}${service.reason === null ? '' : ` (${service.reason})`}, ${service.traffic.requests} ${service.type === 'tcp' ? 'connections' : service.type === 'udp' ? 'sessions' : 'requests'}${service.name === service.id ? '' : `, “${service.name}”`}`,
      ...service.addresses.slice(0, 2).map((address) => `  at ${address}`),
      ...service.backends.map(
        (backend) =>
          `  backend ${backend.id}: ${backend.url} ${backend.state === 'active' ? '' : `${backend.state} (${backend.inFlight} running) `}${backend.health}${backend.reason === null ? '' : ` (${backend.reason})`}${backend.lockdown === undefined ? '' : `, ${backend.lockdown.state}`}`,
      ),
    ]),
  ]
}
