import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { startGateway, type Gateway } from '../../support/gateway'
import { SELF_SIGNED } from '../../support/self-signed'
import { until } from '../../support/until'

let gateway: Gateway
const server = createServer(SELF_SIGNED, (request, response) => void response.end(request.headers['x-forwarded-proto']))
const url = (): string => `https://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  gateway = await startGateway()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await gateway.stop()
  server.closeAllConnections()
  server.close()
})

test('a backend whose certificate is not trusted is not believed, unless its service says so', async () => {
  await gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url: url() }] })
  expect((await ask(gateway.port)).status).toBe(502)
  expect((await gateway.rows())[0]?.reason).toMatch(/^main: the certificate is not trusted/)
  await gateway.serve({ id: 'one', health: { type: 'http', path: '/' }, backends: [{ id: 'main', url: url(), tls: { verify: false } }] })
  const answer = await ask(gateway.port)
  expect([answer.status, answer.text]).toEqual([200, 'http'])
  await until('its check to be good', async () => (await gateway.status()).services[0]?.state === 'online')
})

test('once certificates are checked again, no connection from before is used', async () => {
  await gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url: url(), tls: { verify: false } }] })
  expect((await ask(gateway.port)).status).toBe(200)
  await gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url: url() }] })
  expect((await ask(gateway.port)).status).toBe(502)
})
