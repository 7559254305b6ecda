import { afterEach, beforeEach } from 'vitest'
import type { ServiceDocument } from '../../proxy/contract/config/service'
import type { BackendStatus } from '../../proxy/contract/status'
import { type BackendHandler, startBackend, type TestBackend } from './echo-backend'
import { startGateway, type Gateway } from './gateway'

type BackendDocument = NonNullable<ServiceDocument['backends']>[number]
type ByName = Readonly<Record<string, Partial<BackendDocument>>>

/** A gateway with one service over backends that are known by their names; fresh for each test of the file that asks for it. */
export interface Pool {
  readonly gateway: Gateway
  readonly backends: Map<string, TestBackend>
  readonly start: (name: string, handler?: BackendHandler, port?: number) => Promise<TestBackend>
  /** Starts `a`, `b` and `c`. */
  readonly three: () => Promise<void>
  /** The backends as a document has them, with what is to be different of some. */
  readonly list: (parts?: ByName) => BackendDocument[]
  /** Loads the service `one` with all of them, unchecked unless `more` says otherwise. */
  readonly serve: (more?: Partial<ServiceDocument>, parts?: ByName) => Promise<void>
  readonly status: (id: string) => Promise<BackendStatus | undefined>
}

export function poolForEach(): Pool {
  let gateway: Gateway
  let backends: Map<string, TestBackend>
  beforeEach(async () => {
    gateway = await startGateway({ address: '0.0.0.0' })
    backends = new Map()
  })
  afterEach(async () => {
    await gateway.stop()
    await Promise.all([...backends.values()].map((backend) => backend.stop()))
  })
  const pool: Pool = {
    get gateway() {
      return gateway
    },
    get backends() {
      return backends
    },
    start: async (name, handler, port) => {
      const backend = await startBackend({ name, ...(handler ? { handler } : {}), ...(port === undefined ? {} : { port }) })
      backends.set(name, backend)
      return backend
    },
    three: async () => {
      for (const name of ['a', 'b', 'c']) await pool.start(name)
    },
    list: (parts = {}) => [...backends].map(([id, { url }]) => ({ id, url, ...parts[id] })),
    serve: (more = {}, parts = {}) => gateway.serve({ id: 'one', health: { type: 'off' }, backends: pool.list(parts), ...more }),
    status: async (id) => (await gateway.status()).services[0]?.backends.find((backend) => backend.id === id),
  }
  return pool
}

/** Which backend an answer of the echo is from. */
export const nameOf = (text: string): string => (JSON.parse(text) as { name: string }).name
