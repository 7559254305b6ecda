import type { LookupFunction } from 'node:net'
import type { EngineEvents } from '../../proxy/contract/events'
import { engineApi } from '../../proxy/contract/engine-api'
import { engineEvents } from '../../proxy/contract/events'
import { createRpcClient, type RpcClient } from '../../proxy/contract/rpc/client'
import { memoryPair } from '../../proxy/contract/rpc/memory'
import { serveRpc } from '../../proxy/contract/rpc/server'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { ServiceDocument } from '../../proxy/contract/config/service'
import type { EngineStatus, RequestRow } from '../../proxy/contract/status'
import { createEngine, type EngineOptions } from '../../proxy/engine/engine'
import { freePort } from './free-port'

export interface HeardEvent<Name extends keyof EngineEvents = keyof EngineEvents> {
  readonly name: Name
  readonly payload: EngineEvents[Name]
}

/** What a load has done to what ran. */
export interface Loaded {
  readonly ended: number
}

/** The real engine within the test's own process, behind the same channel of frames as across processes. */
export interface Gateway {
  readonly port: number
  readonly origin: string
  readonly events: HeardEvent[]
  /** Loads a whole document; fails the test where it is refused. */
  load(document: ConfigDocument): Promise<void>
  /** The same, and what it has ended. */
  save(document: ConfigDocument): Promise<Loaded>
  /** Loads services on the gateway's one listener. */
  serve(...services: ServiceDocument[]): Promise<void>
  tryLoad(document: unknown): Promise<{ ok: boolean; issues?: unknown }>
  status(): Promise<EngineStatus>
  rows(): Promise<RequestRow[]>
  /** Lets running requests end for at most so many ms. */
  stop(timeout?: number): Promise<void>
  /** Asks the engine what its host may ask. */
  readonly call: RpcClient<typeof engineApi, typeof engineEvents>['call']
}

export interface GatewayOptions {
  readonly address?: string
  readonly lookup?: LookupFunction
  readonly holderOf?: EngineOptions['holderOf']
  readonly inherited?: EngineOptions['inherited']
  readonly settings?: ConfigDocument['settings']
}

export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { address = '127.0.0.1', lookup, holderOf, inherited, settings } = options
  const port = await freePort(address === '::' ? '::' : address)
  const { a, b } = memoryPair()
  const engine = createEngine({
    emit: (name, payload) => a.send({ kind: 'event', name, payload }),
    ...(lookup ? { lookup } : {}),
    ...(holderOf ? { holderOf } : {}),
    ...(inherited ? { inherited } : {}),
  })
  const faults: unknown[] = []
  const handlers = { ...engine.handlers, handOver: () => Promise.reject(new Error('there is one process')) }
  serveRpc(a, engineApi, handlers, { onFault: (error) => void faults.push(error) })
  const client = createRpcClient(b, engineApi, engineEvents)
  const events: HeardEvent[] = []
  for (const name of ['tick', 'health', 'listener', 'access', 'drained', 'limit'] as const)
    client.on(name, (payload) => void events.push({ name, payload }))
  let revision = 0

  const tryLoad = (document: unknown) => client.call('load', { revision: String(++revision), document })
  async function save(document: ConfigDocument): Promise<Loaded> {
    const result = await tryLoad(document)
    if (!result.ok) throw new Error(`the document was refused: ${JSON.stringify(result.issues)} ${faults.map(String).join()}`)
    return { ended: result.ended }
  }
  async function load(document: ConfigDocument): Promise<void> {
    await save(document)
  }
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    events,
    load,
    save,
    tryLoad,
    serve: (...services) => load({ version: 1, listeners: [{ id: 'web', address, port }], services, ...(settings ? { settings } : {}) }),
    status: () => client.call('status', {}),
    rows: () => client.call('requests', { limit: 1_000 }),
    stop: (timeout = 0) => engine.stop(timeout),
    call: client.call.bind(client),
  }
}
