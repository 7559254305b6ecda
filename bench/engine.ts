import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import path from 'node:path'
import type { ConfigDocument } from '../proxy/contract/config/document'
import type { engineEvents, EngineApi } from '../proxy/contract/engine-api'
import type { RpcClient } from '../proxy/contract/rpc/client'
import { startEngineProcess } from '../test/support/engine-process'

export const out = path.resolve(import.meta.dirname, '../out')

/** A running engine of its own, spoken to as the host does. */
export interface BenchEngine {
  readonly client: RpcClient<EngineApi, typeof engineEvents>
  readonly pid: number
  readonly stop: () => Promise<void>
}

/** Starts this checkout's own engine. */
export async function startEngine(): Promise<BenchEngine> {
  const engine = startEngineProcess(path.join(out, 'engine.js'))
  await engine.client.call('ping', {})
  return { client: engine.client, pid: engine.process.pid ?? 0, stop: engine.stop }
}

/** A backend on loopback that answers 100 bytes. */
export async function startBackend(): Promise<{ url: string; server: Server }> {
  const body = Buffer.alloc(100, 'x')
  const server = createServer((_request, response) => response.end(body))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${portOf(server.address())}`, server }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server.address())
  server.close()
  await once(server, 'close')
  return port
}

/** `count` services with a host name each, on one loopback listener, behind one backend. */
export function manyServices(count: number, port: number, url: string): ConfigDocument {
  return {
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: Array.from({ length: count }, (_, n) => ({
      id: `service-${n}`,
      hosts: [`service-${n}.bench.test`],
      backends: [{ id: 'main', url }],
      health: { type: 'off' as const },
    })),
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not a TCP server')
  return address.port
}
