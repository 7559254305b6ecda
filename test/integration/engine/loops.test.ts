import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { ask, askEcho } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { sendRaw } from '../../support/raw-client'

const gateways: Gateway[] = []
async function start(): Promise<Gateway> {
  const gateway = await startGateway()
  gateways.push(gateway)
  return gateway
}
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()))
})

/** A proxy of another make, which says nothing of itself and takes out what `Connection` names. */
async function otherProxy(target: () => number): Promise<string> {
  const server = createServer((asked, answer) => {
    const { method, url, headers } = asked
    const on = request({ host: '127.0.0.1', port: target(), method, path: url, headers, agent: false }, (back) => {
      answer.writeHead(back.statusCode ?? 0, back.headers)
      back.pipe(answer)
    })
    on.on('error', () => answer.destroy())
    asked.pipe(on)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('two gateways that name each other end a request with 508 when it comes round, and say what to do', async () => {
  const [one, two] = [await start(), await start()]
  await one.serve({ id: 'wiki', health: { type: 'off' }, backends: [{ id: 'main', url: two.origin }] })
  await two.serve({ id: 'back', health: { type: 'off' }, backends: [{ id: 'main', url: one.origin }] })
  const answer = await ask(one.port)
  expect(answer.status).toBe(508)
  expect(answer.text + answer.rawHeaders.join()).not.toMatch(/127\.0\.0\.1|astro|wiki|gateway/i)
  const rows = await one.rows()
  expect(rows).toHaveLength(2)
  expect(rows.find(({ error }) => error === 'AR_LOOP')?.reason).toMatch(/through wiki before.*address of the server itself/)
  expect(await two.rows()).toHaveLength(1)
})

test('they do so, too, where both take Via out for the sake of what their backends pack', async () => {
  const [one, two] = [await start(), await start()]
  const headers = { request: { remove: ['Via'] } }
  await one.serve({ id: 'wiki', health: { type: 'off' }, headers, backends: [{ id: 'main', url: two.origin }] })
  await two.serve({ id: 'back', health: { type: 'off' }, headers, backends: [{ id: 'main', url: one.origin }] })
  expect((await ask(one.port)).status).toBe(508)
  expect(await one.rows()).toHaveLength(2)
  const backend = await startBackend()
  onTestFinished(() => backend.stop())
  await one.serve({ id: 'wiki', health: { type: 'off' }, headers, backends: [{ id: 'main', url: backend.url }] })
  const seen = await askEcho(one.port)
  expect([seen.headers['via'], seen.headers['cdn-loop']]).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{16}$/)])
})

test.each([
  ['a request with a body', { method: 'POST', body: 'x' }],
  ['a handshake', { headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'x' } }],
  ['a request whose Connection names Via', { headers: { connection: 'Via, close' } }],
])('so does one by way of another proxy: %s', async (_, options) => {
  const gateway = await start()
  const url = await otherProxy(() => gateway.port)
  await gateway.serve({ id: 'wiki', health: { type: 'off' }, backends: [{ id: 'main', url }] })
  expect((await ask(gateway.port, '/', options)).status).toBe(508)
  expect(await gateway.rows()).toHaveLength(2)
})

test('a request may come through one gateway twice on its way through two services', async () => {
  const gateway = await start()
  const backend = await startBackend()
  const url = await otherProxy(() => gateway.port)
  await gateway.serve(
    { id: 'outer', health: { type: 'off' }, backends: [{ id: 'main', url: `${url}/inner` }] },
    { id: 'inner', path: '/inner', backends: [{ id: 'main', url: backend.url }] },
  )
  expect((await askEcho(gateway.port, '/x')).url).toBe('/inner/x')
  await backend.stop()
})

test('Via continues what the client sent and names neither software nor machine', async () => {
  const gateway = await start()
  const backend = await startBackend()
  await gateway.serve({ id: 'wiki', backends: [{ id: 'main', url: backend.url }] })
  const first = String((await askEcho(gateway.port)).headers['via'])
  expect(first).toMatch(/^1\.1 [0-9a-f]{16}$/)
  const { headers } = await askEcho(gateway.port, '/', { headers: { Via: '1.0 fred, 1.1 p.example.net (Apache/1.1)', Connection: 'Via' } })
  expect(headers['via']).toBe(`1.0 fred, 1.1 p.example.net (Apache/1.1), ${first}`)
  const old = await sendRaw(gateway.port, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n')
  expect(old.body).toContain(`"via":"1.0 ${first.slice(4)}"`)
  const other = await start()
  await other.serve({ id: 'wiki', backends: [{ id: 'main', url: backend.url }] })
  expect((await askEcho(other.port)).headers['via']).not.toBe(first)
  await backend.stop()
})
