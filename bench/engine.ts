import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import path from 'node:path'
import type { ConfigDocument } from '../proxy/contract/config/document'
import { engineApi, engineEvents, type EngineApi } from '../proxy/contract/engine-api'
import { createRpcClient, type RpcClient } from '../proxy/contract/rpc/client'
import { forkEngine } from '../proxy/host/spawn/fork'

export const out = path.resolve(import.meta.dirname, '../out')

/** A running engine of its own, spoken to as the host does. */
export interface BenchEngine {
  readonly client: RpcClient<EngineApi, typeof engineEvents>
  readonly pid: number
  stop(): Promise<void>
}

/** `bundle`: this checkout's own, unless another version is measured beside it. */
export function startEngine(bundle = path.join(out, 'engine.js')): BenchEngine {
  const child = forkEngine(bundle, () => undefined)()
  const gone = new Promise<void>((resolve) => child.onExit(() => resolve()))
  return {
    client: createRpcClient(child.transport, engineApi, engineEvents),
    pid: child.pid ?? 0,
    async stop() {
      child.kill()
      await gone
    },
  }
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
