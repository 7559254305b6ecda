import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { LookupFunction } from 'node:net'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import type { RequestRow } from '../../../proxy/contract/status'
import { freePort, freeUdpPort } from '../free-port'
import { startGateway, type Gateway, type Loaded } from '../gateway'
import { openRaw } from '../raw-client'
import { until } from '../until'

/** A gateway with one service for each protocol, whose only backend the test speaks for, and one client of one of them. */
export interface Stage {
  readonly kind: Kind
  readonly gateway: Gateway
  /** What the client has got so far. */
  readonly got: () => string
  /** Whether its connection has ended. */
  readonly ended: () => boolean
  readonly client: ClientEnd
  /** The backend's end of the visit, once it is there. */
  readonly backend: Omit<End, 'port' | 'stop'>
  /** Lets the name of the backend be found. */
  readonly findName: () => void
  /** Another client of the same port. */
  another(): Promise<ClientEnd>
  save(changes?: Saved): Promise<Loaded>
  /** What the log has of the visit: of requests, those for `/visit`. */
  row(): Promise<RequestRow | undefined>
  stop(): Promise<void>
}

export type Kind = 'http' | 'tcp' | 'udp'

/** What of the document is changed by a save. */
export interface Saved {
  /** Null: the service is deleted. */
  readonly service?: Partial<ServiceDocument> | null
  readonly entry?: Partial<BackendDocument>
  readonly settings?: NonNullable<ConfigDocument['settings']>
  readonly others?: readonly ServiceDocument[]
  readonly lists?: readonly AccessListDocument[]
  /** Whether its listener gets another port. */
  readonly moved?: boolean
}

export interface StageOptions {
  /** Whether the backend has a name, which is found when the test says so. */
  readonly named?: boolean
  /** Of the service, and of its backend. */
  readonly service?: Partial<ServiceDocument>
  readonly lists?: readonly AccessListDocument[]
  readonly entry?: Partial<BackendDocument>
}

export type AccessListDocument = NonNullable<ConfigDocument['accessLists']>[number]
export type BackendDocument = NonNullable<ServiceDocument['backends']>[number]

export async function setStage(
  kind: Kind,
  { named = false, service: more = {}, lists: first = [], entry = {} }: StageOptions = {},
): Promise<Stage> {
  const asked: Parameters<LookupFunction>[2][] = []
  let found = !named
  const gateway = await startGateway({
    lookup: (_, __, answer) => (found ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : void asked.push(answer)),
  })
  const server = kind === 'udp' ? await datagramEnd() : await streamEnd()
  const port = kind === 'udp' ? await freeUdpPort() : await freePort()
  const elsewhere = kind === 'udp' ? await freeUdpPort() : await freePort()
  const backend: BackendDocument = { id: 'a', url: `${kind}://${named ? 'backend.test' : '127.0.0.1'}:${server.port}`, ...entry }
  const visited: ServiceDocument = {
    id: 'one',
    type: kind,
    listeners: ['own'],
    health: { type: 'off' },
    retry: { attempts: 0 },
    backends: [backend],
    ...more,
  }
  async function save({
    service = {},
    entry: edited = {},
    settings = {},
    others = [],
    lists = [],
    moved = false,
  }: Saved = {}): Promise<Loaded> {
    return gateway.save({
      version: 1,
      listeners: [{ id: 'own', address: '127.0.0.1', port: moved ? elsewhere : port, protocol: kind }],
      services: [...(service === null ? [] : [{ ...visited, backends: [{ ...backend, ...edited }], ...service }]), ...others],
      accessLists: [...lists],
      settings,
    })
  }
  await save({ lists: first })
  const client: ClientEnd = kind === 'udp' ? await datagramClient(port) : await streamClient(port)
  return {
    kind,
    gateway,
    got: client.got,
    ended: client.ended,
    client,
    backend: server,
    findName: () => {
      found = true
      for (const answer of asked.splice(0)) answer(null, [{ address: '127.0.0.1', family: 4 }])
    },
    save,
    another: () => streamClient(port),
    row: async () => (await gateway.rows()).find(({ path, method }) => path === '/visit' || method === 'TCP' || method === 'UDP'),
    async stop() {
      found = true
      for (const answer of asked.splice(0)) answer(null, [{ address: '127.0.0.1', family: 4 }])
      client.leave()
      await gateway.stop()
      await server.stop()
    },
  }
}

/** The gateway's open visits, as its service counts them. */
export async function inFlight({ gateway }: Stage): Promise<number> {
  return (await gateway.status()).services.find(({ id }) => id === 'one')?.traffic.inFlight ?? 0
}

interface End {
  readonly port: number
  /** On the connection that was made last, or first. */
  send(text: string): void
  sendFirst(text: string): void
  /** Breaks its connections off and takes no more. */
  close(): void
  /** Takes no more connections. */
  shut(): void
  got(): string
  stop(): Promise<void>
}

/** What a backend sees of the connection that was made last. */
async function streamEnd(): Promise<End> {
  const sockets: Socket[] = []
  let text = ''
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    send: (data) => void sockets.at(-1)?.write(data),
    sendFirst: (data) => void sockets[0]?.write(data),
    close: () => {
      for (const socket of sockets) socket.resetAndDestroy()
      server.close()
    },
    shut: () => void server.close(),
    got: () => text,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        if (server.listening) server.close(() => resolve())
        else resolve()
      }),
  }
}

async function datagramEnd(): Promise<End> {
  const socket: Datagrams = createSocket('udp4')
  let text = ''
  let from = { address: '', port: 0 }
  let open = true
  socket.on('message', (bytes, sender) => {
    text += bytes.toString('latin1')
    from = sender
  })
  await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve))
  const close = (): void => {
    if (open) socket.close()
    open = false
  }
  return {
    port: socket.address().port,
    send: (data) => socket.send(data, from.port, from.address),
    sendFirst: () => undefined,
    close,
    shut: close,
    got: () => text,
    stop() {
      close()
      return Promise.resolve()
    },
  }
}

export interface ClientEnd {
  readonly got: () => string
  readonly ended: () => boolean
  send(text: string): void
  /** Says that nothing more will be sent. */
  endHalf(): void
  /** Breaks off. */
  leave(): void
}

async function streamClient(port: number): Promise<ClientEnd> {
  const socket = await openRaw(port)
  let text = ''
  let ended = false
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  socket.once('close', () => (ended = true))
  return {
    got: () => text,
    ended: () => ended,
    send: (data) => void socket.write(data),
    endHalf: () => void socket.end(),
    leave: () => void socket.resetAndDestroy(),
  }
}

async function datagramClient(port: number): Promise<ClientEnd> {
  const socket = createSocket('udp4')
  let text = ''
  let open = true
  socket.on('message', (bytes) => (text += bytes.toString('latin1')))
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve))
  const leave = (): void => {
    if (open) socket.close()
    open = false
  }
  return { got: () => text, ended: () => !open, send: (data) => (open ? socket.send(data) : undefined), endHalf: () => undefined, leave }
}

/** Waits until the gateway has told of the visit, and gives its row. */
export async function told(stage: Stage): Promise<RequestRow> {
  return until('the visit to be told of', () => stage.row())
}
