import { createServer as createTlsServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { LookupAddress } from 'node:dns'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask, askEcho } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { SELF_SIGNED } from '../../support/self-signed'
import { until } from '../../support/until'

let gateway: Gateway
afterEach(() => gateway.stop())

interface Spoken {
  readonly name: string | false | undefined
  readonly host: string | undefined
  readonly path: string | undefined
  readonly resumed: boolean
}

/** An https server that notes how it is spoken to. */
async function listeningTls(): Promise<{ url: string; heard: Spoken[]; server: Server }> {
  const heard: Spoken[] = []
  const server = createTlsServer(SELF_SIGNED, ({ socket, headers, url }, response) => {
    if ('servername' in socket && 'isSessionReused' in socket)
      heard.push({ name: socket.servername as string, host: headers.host, path: url, resumed: (socket.isSessionReused as () => boolean)() })
    response.end('ok')
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, heard, server }
}

const serving = (url: string, more: Partial<ServiceDocument> = {}, tls: object = {}): ServiceDocument => ({
  id: 'one',
  health: { type: 'http', path: '/check' },
  backends: [{ id: 'main', url, tls: { verify: false, ...tls } }],
  ...more,
})

test.each([
  ['preserve', ['*.office.lan', 'wiki.office.lan'], 'wiki.office.lan', 'wiki.office.lan'],
  ['preserve', ['*.office.lan'], 'wiki.office.lan', null],
  ['backend', ['wiki.office.lan'], 'wiki.office.lan', null],
] as const)('with the host of %s and %j, checks name the host that requests do, in http and TLS', async (host, hosts, asked, named) => {
  gateway = await startGateway()
  const { url, heard } = await listeningTls()
  await gateway.serve(serving(url, { hosts: [...hosts], headers: { host } }, { serverName: 'backend.test' }))
  await until('a check', () => heard.some(({ path }) => path === '/check'))
  expect((await ask(gateway.port, '/', { headers: { host: asked } })).status).toBe(200)
  const own = url.replace('https://', '')
  const check = heard.find(({ path }) => path === '/check')
  const request = heard.find(({ path }) => path === '/')
  expect(check?.host).toBe(named ?? own)
  if (named !== null || host === 'backend') expect(request?.host).toBe(check?.host)
  expect([check?.name, request?.name]).toEqual(['backend.test', 'backend.test'])
})

test('a backend on its scheme’s own port is named without it, by checks as by requests', async () => {
  // The name leads nowhere: what would be sent is what the speaker says.
  const { BackendSpeaker } = await import('../../../proxy/outbound/speaker')
  const { parseConfig } = await import('../../../proxy/contract/parse')
  for (const [url, name] of [
    ['https://nas.lan:443', 'nas.lan'],
    ['http://nas.lan:80', 'nas.lan'],
    ['https://nas.lan:80', 'nas.lan:80'],
    ['http://[fd00::1]:8080', '[fd00::1]:8080'],
    ['https://[fd00::1]', '[fd00::1]'],
  ] as const) {
    const parsed = parseConfig({ version: 1, services: [{ id: 'one', headers: { host: 'backend' }, backends: [{ id: 'main', url }] }] })
    const [service] = parsed.ok ? parsed.config.services : []
    const [backend] = service?.backends ?? []
    if (service === undefined || backend === undefined) expect.fail('the document is not valid')
    const speaker = new BackendSpeaker(service, backend)
    expect([speaker.hostFor('visitor.test'), speaker.checkHost]).toEqual([name, name])
    expect(speaker.checkText()).toContain(`\r\nHost: ${name}\r\n`)
  }
  gateway = await startGateway()
})

test('an https backend by name or address is asked for the name that its entry says; without one, for its own, or for none', async () => {
  const found: LookupAddress[] = [{ address: '127.0.0.1', family: 4 }]
  gateway = await startGateway({ lookup: (host, _, callback) => callback(null, host === 'nas.test' ? found : []) })
  const { url, heard } = await listeningTls()
  const byName = url.replace('127.0.0.1', 'nas.test')
  for (const [address, serverName, expected] of [
    [url, undefined, false],
    [url, 'backend.test', 'backend.test'],
    [byName, undefined, 'nas.test'],
    [byName, 'backend.test', 'backend.test'],
  ] as const) {
    heard.length = 0
    await gateway.serve(serving(address, { health: { type: 'off' } }, serverName === undefined ? {} : { serverName }))
    expect((await ask(gateway.port)).status).toBe(200)
    expect(heard.map(({ name }) => name)).toEqual([expected])
  }
  const refused = await gateway.tryLoad({ version: 1, services: [serving(url, {}, { serverName: '10.0.0.1' })] })
  expect(refused.issues).toEqual([
    { path: 'services[0].backends[0].tls.serverName', message: 'write the name that is in the certificate, such as nas.office.lan' },
  ])
})

test('a second TLS connection to a backend resumes the session of the first', async () => {
  gateway = await startGateway()
  const { url, heard } = await listeningTls()
  await gateway.serve(serving(url, { health: { type: 'off' } }))
  expect((await ask(gateway.port)).status).toBe(200)
  await until('the session to have come', async () => {
    // A request with a body takes no idle connection.
    await ask(gateway.port, '/', { method: 'POST', body: 'x' })
    return heard.some(({ resumed }) => resumed)
  })
})

test('a name that moves to another address is followed by a client that asks without a pause, and so are those that run', async () => {
  const old = await startBackend({ name: 'old', host: '127.0.0.2' })
  const moved = await startBackend({ name: 'moved', host: '127.0.0.3', port: old.port })
  onTestFinished(async () => void (await Promise.all([old.stop(), moved.stop()])))
  let address = '127.0.0.2'
  gateway = await startGateway({ lookup: (_, __, callback) => callback(null, [{ address, family: 4 }]) })
  await gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url: `http://nas.test:${old.port}` }] })
  expect((await askEcho(gateway.port)).name).toBe('old')
  address = '127.0.0.3'
  await until('requests to go to the new address', async () => (await askEcho(gateway.port)).name === 'moved', 20_000)
  for (let n = 0; n < 3; n++) expect((await askEcho(gateway.port)).name).toBe('moved')
})
