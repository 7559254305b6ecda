import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { ask } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startGateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'

type Settings = NonNullable<ConfigDocument['settings']>

async function setUp(settings: Settings = {}) {
  const backend = await startBackend({
    handler: (request, response) => {
      const size = Number(new URL(request.url ?? '', 'http://a').searchParams.get('head') ?? 0)
      response.writeHead(200, size > 0 ? { 'X-Large': 'x'.repeat(size) } : {}).end('ok')
    },
  })
  const gateway = await startGateway()
  onTestFinished(async () => {
    await gateway.stop()
    await backend.stop()
  })
  const load = (next: Settings): Promise<void> =>
    gateway.load({
      version: 1,
      listeners: [{ id: 'web', address: '127.0.0.1', port: gateway.port }],
      services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }], health: { type: 'off' } }],
      settings: next,
    })
  await load(settings)
  return { gateway, backend, load }
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

test('a connection waits for its next request as long as the settings say, from its next answer on and without being cut', async () => {
  const { gateway, load } = await setUp()
  const socket = await openRaw(gateway.port, GET)
  onTestFinished(() => void socket.destroy())
  await readUntil(socket, (text) => text.includes('ok'))
  await load({ timeouts: { keepAlive: '1s' } })
  // It is still there, and the next request on it is answered.
  socket.write(GET)
  await readUntil(socket, (text) => text.includes('ok'))
  const began = performance.now()
  await once(socket, 'close')
  expect(performance.now() - began).toBeGreaterThan(900)
})

test('an answer’s head may be as large as the settings say, on connections that are there already, too', async () => {
  const { gateway, backend, load } = await setUp()
  const status = async (size: number): Promise<number> => (await ask(gateway.port, `/?head=${size}`, { maxHeaderSize: 200_000 })).status
  expect([await status(30_000), await status(40_000)]).toEqual([200, 502])
  expect((await gateway.rows())[0]?.reason).toBe(
    'main: the answer’s head is over 32KB: settings.limits.answerHeaderBytes says how large it may be',
  )
  await load({})
  expect(await status(0)).toBe(200)
  const { length } = backend.seen
  const before = backend.connections()
  await load({ limits: { answerHeaderBytes: '64KB' } })
  expect([await status(40_000), await status(70_000)]).toEqual([200, 502])
  expect([backend.seen.length - length, backend.connections() - before]).toEqual([2, 0])
  await load({ limits: { answerHeaderBytes: '8KB' } })
  expect([await status(7_000), await status(9_000)]).toEqual([200, 502])
})

test('what is over the limit of a request’s head says which setting that is', async () => {
  const { gateway } = await setUp()
  expect((await ask(gateway.port, '/', { headers: { cookie: 'x'.repeat(40_000) } })).status).toBe(431)
  expect((await gateway.rows())[0]?.reason).toBe('the head is over 32KB: settings.limits.headerBytes says how large a head may be')
})
