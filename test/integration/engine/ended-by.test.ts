import { createServer, type AddressInfo, type Socket } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { freePort } from '../../support/free-port'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { until } from '../../support/until'

const HEAD = 'Host: a\r\n'
const GET = `GET / HTTP/1.1\r\n${HEAD}\r\n`
const UPGRADE = `GET / HTTP/1.1\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n`
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

let gateway: Gateway
let asked: Socket[]
let url: string
// A name that is looked up for ever: a backend that is being connected for ever.
beforeEach(async () => {
  asked = []
  gateway = await startGateway({ lookup: () => undefined })
  onTestFinished(() => gateway.stop())
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => asked.includes(socket) || asked.push(socket))
    onTestFinished(() => void socket.destroy())
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

const service = (more: Partial<ServiceDocument> = {}): ServiceDocument => ({
  id: 'one',
  health: { type: 'off' },
  backends: [{ id: 'main', url }],
  ...more,
})
const running = async (count: number): Promise<boolean> => (await gateway.status()).services[0]?.traffic.inFlight === count

/** Each phase of a request: what the service is like, and how the client gets there. */
const PHASES = {
  'while it waited in line': async () => {
    await gateway.serve(service({ backends: [{ id: 'main', url, maxConnections: 1 }], queue: { length: 5, wait: '60s' } }))
    await openRaw(gateway.port, GET)
    await until('the first to be asked', () => asked.length === 1)
    const socket = await openRaw(gateway.port, GET)
    await until('it to wait in line', () => running(2))
    return socket
  },
  'while its backend was being connected': async () => {
    await gateway.serve(service({ backends: [{ id: 'main', url: 'http://slow.test:1' }] }))
    const socket = await openRaw(gateway.port, GET)
    await until('it to run', () => running(1))
    return socket
  },
  'in the middle of its body': async () => {
    await gateway.serve(service())
    const socket = await openRaw(gateway.port, `POST / HTTP/1.1\r\n${HEAD}Content-Length: 10\r\n\r\nhello`)
    await until('it to be asked', () => asked.length === 1)
    return socket
  },
  'while the answer was awaited': async () => {
    await gateway.serve(service())
    const socket = await openRaw(gateway.port, GET)
    await until('it to be asked', () => asked.length === 1)
    return socket
  },
  'in the middle of the answer': async () => {
    await gateway.serve(service())
    const socket = await openRaw(gateway.port, GET)
    await until('it to be asked', () => asked.length === 1)
    const answer = readUntil(socket, (text) => text.endsWith('half'))
    asked[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf')
    await answer
    return socket
  },
  'in the middle of a tunnel': async () => {
    await gateway.serve(service())
    const socket = await openRaw(gateway.port, UPGRADE)
    await until('it to be asked', () => asked.length === 1)
    const answer = readUntil(socket, (text) => text.endsWith('\r\n\r\n'))
    asked[0]?.write(SWITCH)
    await answer
    return socket
  },
} satisfies Record<string, () => Promise<Socket>>

const phases = Object.entries(PHASES)

/** The gateway's own doings that end what runs: what it does, and what the log says of it. */
const DOINGS: Record<string, () => Promise<unknown>> = {
  'the rules no longer let it in': () => gateway.serve(service({ access: { rules: [{ action: 'deny', from: 'loopback' }] } })),
  'everything was closed': () =>
    gateway.load({
      version: 1,
      listeners: [{ id: 'web', address: '127.0.0.1', port: gateway.port }],
      services: [service()],
      settings: { closed: true },
    }),
  'the gateway was stopped': () => gateway.stop(),
}

describe.each(Object.entries(DOINGS))('%s', (reason, act) => {
  test.each(phases)('%s: that is what the row says, with who ended it', async (phase, reach) => {
    const socket = await reach()
    await act()
    await until('the connection to be gone', () => socket.destroyed)
    const rows = await gateway.rows()
    expect(rows.filter((row) => row.reason === `${reason} (${phase})`)).toMatchObject([{ endedBy: 'gateway', error: null }])
    await until('everything to be over', async () =>
      (await gateway.status()).services.every(
        ({ traffic, backends }) => traffic.inFlight === 0 && backends.every((one) => one.tunnels === 0),
      ),
    )
  })
})

test.each(phases.filter(([phase]) => phase !== 'while it waited in line'))(
  'a backend that is disconnected by hand %s: the row says so',
  async (phase, reach) => {
    const socket = await reach()
    expect(await gateway.call('backend.disconnect', { service: 'one', backend: 'main' })).toEqual({ cut: 1 })
    await until('the connection to be gone', () => socket.destroyed)
    expect((await gateway.rows())[0]).toMatchObject({ endedBy: 'gateway', reason: `its backend was disconnected by hand (${phase})` })
  },
)

test('a download of a hosted file that is ended is told so, too', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ended-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(path.join(folder, 'big.bin'), Buffer.alloc(30_000_000))
  await gateway.serve({ id: 'one', type: 'files', root: folder })
  const socket = await openRaw(gateway.port, `GET /big.bin HTTP/1.1\r\n${HEAD}\r\n`)
  socket.pause()
  await until('it to have begun', async () => ((await gateway.status()).services[0]?.traffic.bytesOut ?? 0) > 0)
  await gateway.serve({ id: 'one', type: 'files', root: folder, access: { rules: [{ action: 'deny', from: 'loopback' }] } })
  expect((await gateway.rows())[0]).toMatchObject({
    endedBy: 'gateway',
    reason: 'the rules no longer let it in (in the middle of the answer)',
    status: 200,
  })
  socket.destroy()
})

const tcp = (backend: string, more: Partial<ServiceDocument> = {}): ServiceDocument => ({
  id: 'pc',
  type: 'tcp',
  health: { type: 'off' },
  backends: [{ id: 'main', url: backend }],
  ...more,
})

async function stream(backend: string): Promise<{ socket: Socket; reload: (more: Partial<ServiceDocument>) => Promise<void> }> {
  const port = await freePort()
  const reload = (more: Partial<ServiceDocument>): Promise<void> =>
    gateway.load({
      version: 1,
      listeners: [{ id: 'port', address: '127.0.0.1', port, protocol: 'tcp' }],
      services: [tcp(backend, more)],
    })
  await reload({})
  const socket = await openRaw(port)
  await until('it to run', () => running(1))
  return { socket, reload }
}

describe('a stream', () => {
  test('that is ended while its backend is being connected is told at once, by whom and why', async () => {
    const { socket, reload } = await stream('tcp://slow.test:1')
    await reload({ access: { rules: [{ action: 'deny', from: 'loopback' }] } })
    await until('the connection to be gone', () => socket.destroyed)
    expect((await gateway.rows())[0]).toMatchObject({
      endedBy: 'gateway',
      error: null,
      reason: 'the rules no longer let it in (while its backend was being connected)',
    })
  })

  test('whose client breaks off while its backend is being connected is the client’s doing', async () => {
    const { socket } = await stream('tcp://slow.test:1')
    socket.resetAndDestroy()
    await until('the row', async () => (await gateway.rows()).length === 1)
    expect((await gateway.rows())[0]).toMatchObject({ endedBy: 'client', error: null, reason: 'the client went away' })
  })

  test('that runs and is ended says so', async () => {
    const { socket } = await stream(url.replace('http', 'tcp'))
    socket.write('hello')
    await until('it to be joined', () => asked.length === 1)
    await gateway.call('backend.disconnect', { service: 'pc', backend: 'main' })
    await until('the connection to be gone', () => socket.destroyed)
    expect((await gateway.rows())[0]).toMatchObject({ endedBy: 'gateway', reason: 'its backend was disconnected by hand (while it ran)' })
  })
})

test.each([
  ['refused without an answer', service({ id: 'shut', access: { rules: [{ action: 'deny', from: 'loopback' }], onDeny: 'close' } })],
])('nothing of what a client sent runs once its connection was %s', async (_, shut) => {
  await gateway.serve({ ...shut, path: '/shut', backends: [{ id: 'main', url }] }, service())
  const next = GET.repeat(3)
  for (const first of [`GET /shut HTTP/1.1\r\n${HEAD}\r\n`, `POST /shut HTTP/1.1\r\n${HEAD}Content-Length: 2\r\n\r\nhi`]) {
    const socket = await openRaw(gateway.port, first + next)
    await until('the connection to be gone', () => socket.destroyed)
  }
  // What was sent apart is read apart.
  const slow = await openRaw(gateway.port, `POST /shut HTTP/1.1\r\n${HEAD}Content-Length: 2\r\n\r\n`)
  slow.write(`hi${next}`)
  await until('the connection to be gone', () => slow.destroyed)
  expect((await gateway.rows()).map(({ service, error }) => [service, error])).toEqual(
    Array.from({ length: 3 }, () => ['shut', 'AR_REFUSED']),
  )
  expect(asked).toEqual([])
})

test.each(phases.filter(([phase]) => phase !== 'in the middle of a tunnel' && phase !== 'in the middle of its body'))(
  'nor once it was cut %s',
  async (_, reach) => {
    const socket = await reach()
    const before = asked.length
    socket.write(GET.repeat(3))
    await gateway.serve(service({ access: { rules: [{ action: 'deny', from: 'loopback' }] } }))
    await until('the connection to be gone', () => socket.destroyed)
    await until('everything to be over', () => running(0))
    for (const row of await gateway.rows()) expect(row).toMatchObject({ endedBy: 'gateway', error: null })
    expect(asked.length).toBe(before)
  },
)
