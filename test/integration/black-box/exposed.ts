import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { serve, type Served } from '../../support/cli'
import { freePort } from '../../support/free-port'
import { statusOf } from '../../support/prepared'
import { tempDirectory } from '../../support/temp-directory'

/** A gateway in a process of its own, with these services on one listener. */
export interface Exposed {
  readonly port: number
  readonly gateway: Served
  /** Replaces the services, as a client of the API does it; gives the status of the answer. */
  readonly replace: (services: readonly ServiceDocument[]) => Promise<number>
  readonly enginePid: () => Promise<number | null>
}

export async function expose(services: readonly ServiceDocument[], settings: object = {}): Promise<Exposed> {
  const port = await freePort()
  const data = tempDirectory()
  const document = (list: readonly ServiceDocument[]): object => ({
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: list,
    settings,
  })
  writeFileSync(path.join(data, 'config.json'), JSON.stringify(document(services)))
  const gateway = await serve(data)
  return {
    port,
    gateway,
    async replace(list) {
      const revision = (await gateway.api('GET', '/config')).headers.get('etag') ?? ''
      return (await gateway.api('PUT', '/config', document(list), { 'if-match': revision })).status
    },
    enginePid: async () => (await statusOf(gateway)).engine.pid,
  }
}

/** A service on a host name of its own. */
export function service(id: string, url: string, more: Partial<ServiceDocument> = {}): ServiceDocument {
  return { id, hosts: [`${id}.test`], backends: [{ id: 'main', url }], health: { type: 'off' }, ...more }
}

/** A backend on a bare socket. */
export interface RawBackend {
  readonly url: string
  /** What came in on each connection, byte for byte (latin1). */
  readonly got: string[]
}

/** A backend that sends these bytes (made from its own address, where they name it) once a request's head is there, then closes, or else keeps the connection open. */
export async function rawBackend(
  answer: string | Buffer | ((address: string) => string),
  then: 'close' | 'stay' = 'close',
): Promise<RawBackend> {
  const got: string[] = []
  const server = createServer((socket) => {
    const at = got.push('') - 1
    let answered = false
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      got[at] += chunk.toString('latin1')
      if (answered || got[at]?.includes('\r\n\r\n') !== true) return
      answered = true
      socket.write(typeof answer === 'function' ? answer(address) : answer)
      if (then === 'close') socket.end()
    })
    onTestFinished(() => void socket.destroy())
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url: `http://${address}`, got }
}

/** An answer that is complete and empty of surprises. */
export const PLAIN_ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
