import type { ConfigDocument } from '../../proxy/contract/config/document'
import { BLOCKED, FAR, NEAR, REFUSED, TCP_PORT, UDP_PORT, WEB_PORT } from './places'

/** The field in which answers tell by which save they were given. */
export const TURN = 'x-turn'

export interface Wish {
  readonly turn: number
  readonly closed: boolean
  /** The hash of the password, and the folder that is hosted. */
  readonly hash: string
  readonly folder: string
}

/** The document of one save: names, weights and rules change; who may get in never does. */
export function documentOf({ turn, closed, hash, folder }: Wish): ConfigDocument {
  const far = (scheme: string, port: string): { id: string; url: string; weight: number }[] =>
    FAR.map((address, n) => ({ id: `far-${n}`, url: `${scheme}://${address}${port}`, weight: 1 + ((turn + n) % 3) }))
  const headers = { response: { set: { 'X-Turn': String(turn) } } }
  const near = [{ id: 'near', url: `http://${NEAR}` }]
  const health = { path: '/', interval: '1s', timeout: '1s' } as const
  return {
    version: 1,
    listeners: [
      { id: 'web', address: '127.0.0.1', port: WEB_PORT },
      { id: 'tcp', address: '127.0.0.1', port: TCP_PORT, protocol: 'tcp' },
      { id: 'udp', address: '127.0.0.1', port: UDP_PORT, protocol: 'udp' },
    ],
    services: [
      { id: 'far', name: `Far ${turn}`, hosts: ['far.test'], health, backends: far('http', ''), headers },
      { id: 'near', hosts: ['near.test'], backends: near, headers },
      { id: 'guarded', hosts: ['guarded.test'], backends: near, access: { rules: [{ action: 'deny', from: REFUSED }], default: 'allow' } },
      { id: 'files', type: 'files', hosts: ['files.test'], root: folder, listing: turn % 2 === 0 },
      { id: 'sign-in', hosts: ['sign-in.test'], backends: near, basicAuth: { users: [{ name: 'anna', hash }] } },
      { id: 'tcp', type: 'tcp', listeners: ['tcp'], health: { interval: '1s', timeout: '1s' }, backends: far('tcp', ':7') },
      { id: 'udp', type: 'udp', listeners: ['udp'], timeouts: { idle: '2s' }, backends: far('udp', ':8') },
    ],
    blocked: [{ from: BLOCKED }, ...Array.from({ length: turn % 4 }, (_, n) => ({ from: `203.0.113.${n}` }))],
    settings: { closed, limits: { connections: 20_000, connectionsPerClient: 5_000 } },
  }
}
