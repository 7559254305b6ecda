import type { Config } from '../contract/config/document'
import type { Listener } from '../contract/config/listener'
import type { Service } from '../contract/config/service'
import { parseAddress } from '../contract/address'
import { PROTOCOL_OF } from '../contract/config/service-kinds'

/** Where a service can be opened, the best address first: its names, else this machine's addresses, else this machine itself. */
export function serviceAddresses(config: Config, service: Service, reachable: readonly string[]): string[] {
  const listeners = config.listeners.filter(
    ({ id, protocol }) => protocol === PROTOCOL_OF[service.type] && (service.listeners === undefined || service.listeners.includes(id)),
  )
  const names = service.hosts.filter((host) => !host.startsWith('*'))
  const all = listeners.flatMap((listener) =>
    (names.length > 0 ? names : service.hosts.includes('*') ? machineNames(listener, reachable) : []).map((host) =>
      listener.protocol === 'http' ? url(host, listener.port, service.path) : `${named(host)}:${listener.port}`,
    ),
  )
  return [...new Set(all)]
}

function machineNames(listener: Listener, reachable: readonly string[]): string[] {
  if (listener.address === '::') return [...reachable, 'localhost']
  if (listener.address === '0.0.0.0') return [...reachable.filter((address) => !address.includes(':')), 'localhost']
  return [listener.address]
}

function named(host: string): string {
  return parseAddress(host)?.family === 6 || host.includes(':') ? `[${host}]` : host
}

function url(host: string, port: number, path: string): string {
  return `http://${named(host)}${port === 80 ? '' : `:${port}`}${path === '/' ? '' : path}`
}
