import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { until } from '../../support/until'

let gateway: Gateway
let backend: TestBackend
beforeEach(async () => {
  gateway = await startGateway()
  backend = await startBackend()
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

const service = (id: string, more: Partial<ServiceDocument> = {}): ServiceDocument => ({
  id,
  hosts: [`${id}.test`],
  health: { type: 'off' },
  backends: [{ id: 'main', url: backend.url }],
  ...more,
})
const closed = { access: { rules: [{ action: 'deny', from: 'loopback' }] } } satisfies Partial<ServiceDocument>
const get = (host: string): string => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`
const status = (text: string): string => /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? text

test('a connection that waits for its next request is not cut for a service that refused it before, and does so still', async () => {
  await gateway.serve(service('open'), service('closed', closed))
  const socket = await openRaw(gateway.port, get('closed.test'))
  expect(status(await readUntil(socket, (text) => text.includes('</html>')))).toBe('403')
  // A save, and the look once a second that rules with an end bring with them.
  const timed = {
    access: { rules: [{ action: 'deny' as const, from: '203.0.113.9', until: new Date(Date.now() + 3_600_000).toISOString() }] },
  }
  await gateway.serve(service('open', timed), service('closed', closed))
  const ticks = gateway.events.filter(({ name }) => name === 'tick').length
  await until('two such looks', () => gateway.events.filter(({ name }) => name === 'tick').length >= ticks + 2)
  socket.write(get('open.test'))
  expect(status(await readUntil(socket, (text) => text.includes('"url"')))).toBe('200')
  socket.destroy()
})

test('it is cut where the whole gateway is closed to its client', async () => {
  await gateway.serve(service('open'))
  const socket = await openRaw(gateway.port, get('open.test'))
  await readUntil(socket, (text) => text.includes('"url"'))
  const ended = readUntil(socket, () => false)
  await gateway.load({
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port: gateway.port }],
    services: [service('open')],
    blocked: [{ from: '127.0.0.1' }],
  })
  expect(await ended).toBe('')
})
