import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { buildOnce } from '../../support/build-once'
import { openDescriptors, startWatchedEngine } from '../../support/watched-engine'
import { freePort } from '../../support/free-port'
import { openRaw } from '../../support/raw-client'
import { accepting, closed, tcpServer } from '../../support/tcp-gateway'
import { until } from '../../support/until'

beforeAll(buildOnce, 90_000)

const ROUNDS = 30
const AT_ONCE = 100
const head = (line: string, more = ''): string => `${line}\r\nHost: a\r\n${more}\r\n`

// Linux tells which descriptors a process has.
test.runIf(process.platform === 'linux')(
  'thousands of streams, answers, tunnels and uploads that are broken off in any state leave no descriptor behind',
  { timeout: 180_000 },
  async () => {
    const engine = await startWatchedEngine()
    const piece = randomBytes(2_000_000)
    const chatty = await tcpServer((socket) => {
      socket.write(piece)
      // It ends its half while the client may be gone already, or breaks off.
      socket.once('data', (bytes) => (bytes[0] === 0x21 ? socket.resetAndDestroy() : socket.end()))
    })
    const web = createServer((asked, answer) => {
      if (asked.url === '/close') answer.writeHead(200, { Connection: 'close' }).write(piece)
      else if (asked.method === 'POST') asked.on('error', () => undefined).resume()
      else answer.end(piece)
    }).on('upgrade', (_, socket: Socket) => {
      socket.on('error', () => undefined)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello')
      socket.once('data', () => socket.destroy())
    })
    const webPort = await accepting(web)
    const [tcpPort, httpPort] = [await freePort(), await freePort()]
    const world: Parameters<typeof engine.load>[0] = {
      listeners: [
        { id: 'tcp', address: '127.0.0.1', port: tcpPort, protocol: 'tcp' },
        { id: 'web', address: '127.0.0.1', port: httpPort },
      ],
      services: [
        { id: 'stream', type: 'tcp', listeners: ['tcp'], backends: [{ id: 'a', url: chatty.url }], health: { type: 'off' } },
        { id: 'site', listeners: ['web'], backends: [{ id: 'a', url: `http://127.0.0.1:${webPort}` }], health: { type: 'off' } },
      ],
      settings: { limits: { connectionsPerClient: 10_000 } },
    }
    const empty = { listeners: [], services: [] }
    await engine.load(empty)
    const before = openDescriptors(engine.pid)
    await engine.load(world)
    const opened: [port: number, first: string][] = [
      [tcpPort, ''],
      [tcpPort, 'end'],
      [tcpPort, '!reset'],
      [httpPort, ''],
      [httpPort, 'GET / HT'],
      [httpPort, head('GET / HTTP/1.1')],
      [httpPort, head('GET /close HTTP/1.0')],
      [httpPort, head('GET /x HTTP/1.1', 'Connection: Upgrade\r\nUpgrade: x\r\n') + 'bye'],
      [httpPort, head('POST / HTTP/1.1', 'Content-Length: 100000\r\n') + 'begin'],
    ]
    const leave: ((socket: Socket) => unknown)[] = [
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.destroy(),
      (socket) => socket.end(() => socket.resetAndDestroy()),
      (socket) => socket.once('data', () => socket.resetAndDestroy()).end(),
    ]
    const round = async (n: number): Promise<void> => {
      const sockets = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, at) => openRaw(...(opened[(n + at) % opened.length] ?? expect.fail()))),
      )
      const left = Promise.all(
        sockets.map((socket, at) => {
          const gone = closed(socket)
          leave[(n + (at >> 3)) % leave.length]?.(socket)
          setImmediate(() => socket.destroy())
          return gone
        }),
      )
      // The gateway breaks some off itself, just as their ends are being passed on.
      if (n % 2 === 1) await engine.call('backend.disconnect', { service: n % 4 === 1 ? 'stream' : 'site', backend: 'a' })
      await left
    }
    for (let n = 0; n < ROUNDS; n++) await round(n)
    await until('all to have gone', async () => (await engine.status()).busy.connections === 0)
    await engine.load(empty)
    await until('every descriptor to be free again', () => openDescriptors(engine.pid) <= before)
    expect(engine.said()).toBe('')
  },
)
