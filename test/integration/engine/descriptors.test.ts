import { createServer, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { ask } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { openDescriptors, startWatchedEngine, type WatchedEngine } from '../../support/watched-engine'
import { freePort } from '../../support/free-port'
import { openRaw, readUntil } from '../../support/raw-client'
import { accepting } from '../../support/tcp-gateway'
import { until } from '../../support/until'

beforeAll(buildOnce, 90_000)

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const LIMITS = { connectionsPerClient: 20_000, connections: 20_000 }

/** An engine that may have so many files open, before a backend that answers when the test says so, and one that answers at once. */
async function setUp(openFiles: number) {
  const engine = await startWatchedEngine({ openFiles })
  const waiting: ServerResponse[] = []
  let isSilent = true
  const silent = await accepting(createServer((_, answer) => (isSilent ? void waiting.push(answer) : void answer.end('at last'))))
  const speak = (): void => {
    isSilent = false
    for (const answer of waiting) answer.end('at last')
  }
  const quick = await accepting(createServer((_, answer) => void answer.end('quick')))
  const [port, other, stream] = [await freePort(), await freePort(), await freePort()]
  await engine.load({
    listeners: [
      { id: 'web', address: '127.0.0.1', port },
      { id: 'quick', address: '127.0.0.1', port: other },
      { id: 'stream', address: '127.0.0.1', port: stream, protocol: 'tcp' },
    ],
    services: [
      { id: 'silent', listeners: ['web'], backends: [{ id: 'a', url: `http://127.0.0.1:${silent}` }], health: { type: 'off' } },
      {
        id: 'quick',
        listeners: ['quick'],
        backends: [{ id: 'a', url: `http://127.0.0.1:${quick}` }],
        health: { type: 'http', path: '/', interval: '1s', timeout: '1s' },
      },
      {
        id: 'stream',
        type: 'tcp',
        listeners: ['stream'],
        backends: [{ id: 'a', url: `tcp://127.0.0.1:${quick}` }],
        health: { type: 'off' },
      },
    ],
    settings: { limits: LIMITS },
  })
  return { engine, waiting, speak, port, other }
}

/** Many clients, a hundred at a time; those that are turned away are among them. */
async function clients(port: number, count: number, message = ''): Promise<Socket[]> {
  const all: Socket[] = []
  while (all.length < count)
    all.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(100, count - all.length) }, () =>
          openRaw(port, message, '127.0.0.1', `127.0.1.${1 + (all.length % 4)}`),
        ),
      )),
    )
  for (const socket of all) socket.resume()
  onTestFinished(() => all.forEach((socket) => void socket.destroy()))
  return all
}

const told = (engine: WatchedEngine): unknown[] => engine.events.filter(({ name }) => name === 'limit')
const isUsed = async (engine: WatchedEngine): Promise<boolean> => ((await engine.status()).limits?.['descriptors'] ?? 0) > 0

test.runIf(process.platform === 'linux').each([64, 256])(
  'with %d open files clients that say nothing do not end the engine, nor keep others out, and it is told once',
  async (openFiles) => {
    const { engine, other } = await setUp(openFiles)
    const held = await clients(other, 3 * openFiles)
    await until('the limit to strike', () => isUsed(engine))
    await until('an honest client to be answered', async () => (await ask(other).catch(() => null))?.text === 'quick')
    expect(openDescriptors(engine.pid)).toBeLessThan(openFiles)
    expect(held.some((socket) => !socket.destroyed)).toBe(true)
    // Several turns of everything that is done again and again.
    const { at } = (await engine.status()).services[1]?.backends[0]?.lastCheck ?? { at: 0 }
    await until('checks to go on', async () => ((await engine.status()).services[1]?.backends[0]?.lastCheck?.at ?? 0) > at + 2_000)
    for (const socket of held) socket.destroy()
    await until('all to be forgotten', async () => (await engine.status()).busy.connections === 0)
    for (let n = 0; n < 5; n++) expect((await ask(other)).status).toBe(200)
    expect([engine.isUp(), engine.said()]).toEqual([true, ''])
    expect(told(engine)).toEqual([
      {
        name: 'limit',
        payload: expect.objectContaining({ limit: 'descriptors', setting: null, text: expect.stringContaining('LimitNOFILE') }),
      },
    ])
    expect((await engine.rows()).filter(({ error }) => error === 'AR_BUSY')).toHaveLength(1)
    expect((await engine.status()).services.map(({ state }) => state)).toEqual(['online', 'online', 'online'])
  },
)

test.runIf(process.platform === 'linux').each([
  [64, 200],
  [256, 600],
  [1_024, 1_000],
])(
  'with %d open files and %d clients on a silent backend, those that were taken are served in the end',
  { timeout: 180_000 },
  async (openFiles, count) => {
    const { engine, waiting, speak, port, other } = await setUp(openFiles)
    const held = await clients(port, count, REQUEST)
    await until('the limit to strike', () => isUsed(engine))
    await until('those that were taken to be asked for', async () => {
      const before = waiting.length
      await engine.status()
      return before > 0 && before === waiting.length && (await engine.status()).busy.running === before
    })
    expect(openDescriptors(engine.pid)).toBeLessThan(openFiles)
    expect([engine.isUp(), engine.said()]).toEqual([true, ''])
    const answers = held.filter((socket) => !socket.destroyed).map((socket) => readUntil(socket, (text) => text.includes('\r\n\r\n')))
    speak()
    const texts = await Promise.all(answers)
    expect(texts.filter((text) => text.startsWith('HTTP/1.1 200')).length).toBeGreaterThan(openFiles / 8)
    // What had to be refused was the gateway's own want: no backend is blamed for it.
    const rows = await engine.rows()
    expect(rows.filter(({ error }) => error !== null && error !== 'AR_BUSY')).toEqual([])
    await until('an honest client to be answered', async () => (await ask(other).catch(() => null))?.text === 'quick')
    expect((await engine.status()).services.flatMap(({ backends }) => backends.map(({ failed, health }) => [failed, health]))).toEqual([
      [0, 'unwatched'],
      [0, 'up'],
      [0, 'unwatched'],
    ])
    expect(told(engine)).toHaveLength(1)
  },
)
