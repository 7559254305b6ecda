import { expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { askEcho } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startGateway } from '../../support/gateway'

/** As sign-in proxies, web servers and programs behind them spell them. */
const CLAIMED = {
  'Remote-User': 'admin',
  REMOTE_USER: 'admin',
  'X-Remote-User': 'admin',
  'X-Forwarded-User': 'admin',
  'X-Auth-Request-Email': 'admin@example.org',
  'X-WebAuth-User': 'admin',
  'Remote-Groups': 'admins',
  'X-authentik-username': 'admin',
  'Cf-Access-Authenticated-User-Email': 'admin@example.org',
  'Tailscale-User-Login': 'admin@example.org',
}

async function arriving(settings: ConfigDocument['settings'] = {}, service: Partial<ServiceDocument> = {}): Promise<string[]> {
  const backend = await startBackend()
  onTestFinished(() => backend.stop())
  const gateway = await startGateway({ settings })
  onTestFinished(() => gateway.stop())
  await gateway.serve({ id: 'wiki', backends: [{ id: 'main', url: backend.url }], ...service })
  const { headers } = await askEcho(gateway.port, '/', { headers: { ...CLAIMED, 'X-Own': 'kept' } })
  return Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`)
}

const claimed = (lines: readonly string[]): string[] => lines.filter((line) => /admin/.test(line))

test('who a stranger says it is reaches no backend, in no spelling; its other fields do', async () => {
  const lines = await arriving()
  expect(claimed(lines)).toEqual([])
  expect(lines).toContain('x-own: kept')
})

test('what a trusted proxy says of who has signed in goes on, but in no spelling that the proxy may have overlooked', async () => {
  const lines = claimed(await arriving({ trustedProxies: ['127.0.0.1'] }))
  expect(lines).toContain('remote-user: admin')
  expect(lines).toContain('x-auth-request-email: admin@example.org')
  expect(lines.some((line) => line.startsWith('remote_user'))).toBe(false)
})

test('what a service itself is set to say goes on', async () => {
  expect(claimed(await arriving({}, { headers: { request: { set: { 'Remote-User': 'admin-of-the-house' } } } }))).toEqual([
    'remote-user: admin-of-the-house',
  ])
})
