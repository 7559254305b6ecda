import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { MASK } from '../../../proxy/contract/config/secret'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { lockdownTexts } from '../../../proxy/contract/lockdown-text'
import { ask } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { cli } from '../../support/cli'
import { freePort } from '../../support/free-port'
import { LOCKABLE_SERVERS } from '../../support/lockable-servers'
import { sendRaw } from '../../support/raw-client'
import { statusOf } from '../../support/prepared'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

import { call, documentOf, lockable, proofOf, run, type Secret, visit } from '../../support/locked-down'

beforeAll(buildOnce, 120_000)

describe('a secret header', () => {
  test('is made once, told once, sent to the backend only, and proven: open before, locked after, open again is told', async () => {
    const backend = await lockable()
    const { gateway, port } = await run({
      backends: [{ id: 'app', url: backend.url }],
      health: { path: '/', interval: '1s', timeout: '500ms', fall: 1, rise: 1 },
    })
    expect(await proofOf(gateway)).toMatchObject({
      state: 'open',
      text: 'app answers without the gateway (answered 200), though only from this computer.',
    })
    const { secret } = await call<Secret>(gateway, 'POST', '/services/wiki/lockdown', { method: 'secret' })
    expect(secret).toEqual({ header: 'X-AstroRelay-Key', value: expect.stringMatching(/^[\w-]{43}$/) })
    expect(await proofOf(gateway)).toMatchObject({ state: 'open', text: 'app still answers without the gateway (answered 200).' })
    backend.accepts = [secret.value]
    expect((await visit(port)).text).toBe('inside')
    expect(backend.seen.at(-1)?.['x-astrorelay-key']).toBe(secret.value)
    expect((await ask(backend.port)).status).toBe(403)
    const locked = await proofOf(gateway)
    expect(locked).toMatchObject({ state: 'locked', text: 'Refused directly, answers through AstroRelay.' })
    expect(locked.attempts.slice(0, 3)).toMatchObject([
      { what: 'as-gateway', outcome: 'answered 200', fits: true },
      { what: 'direct', outcome: 'answered 403', fits: true },
      { what: 'made-up', outcome: 'answered 403', fits: true },
    ])
    // Its own health checks carry the secret, too.
    await until('a check after the lock', async () => (await statusOf(gateway)).services[0]?.backends[0]?.health === 'up')
    expect((await statusOf(gateway)).services[0]?.backends[0]?.lockdown).toMatchObject({ state: 'locked', at: expect.any(Number) })
    backend.accepts = null
    expect((await proofOf(gateway)).state).toBe('open')
    await until(
      'the notice',
      () => gateway.out().includes('app of Office wiki is open again') || gateway.err().includes('app of Office wiki is open again'),
    )
  })

  test('a client that sends the header itself, however it is spelt, has it removed', async () => {
    const backend = await lockable()
    const { gateway, port } = await run({ backends: [{ id: 'app', url: backend.url }], health: { type: 'off' } })
    const { secret } = await call<Secret>(gateway, 'POST', '/services/wiki/lockdown', { method: 'secret' })
    await sendRaw(
      port,
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-AstroRelay-Key: forged\r\nx_astrorelay_key: forged\r\nX-AstroRelay_Key: forged\r\nX-Other: kept\r\n\r\n',
    )
    expect(Object.entries(backend.seen.at(-1) ?? {}).filter(([name]) => /astrorelay/i.test(name))).toEqual([
      ['x-astrorelay-key', secret.value],
    ])
    expect(backend.seen.at(-1)?.['x-other']).toBe('kept')
  })

  test('is rotated with an overlap: the old one is sent until every backend takes the new one', async () => {
    const backend = await lockable()
    const { gateway, port } = await run({ backends: [{ id: 'app', url: backend.url }], health: { type: 'off' } })
    const old = (await call<Secret>(gateway, 'POST', '/services/wiki/lockdown', { method: 'secret' })).secret.value
    backend.accepts = [old]
    const next = (await call<Secret>(gateway, 'POST', '/services/wiki/lockdown/rotate')).secret.value
    expect((await visit(port)).text).toBe('inside')
    const refused = await gateway.api('POST', '/services/wiki/lockdown/finish', {})
    expect(refused.status).toBe(400)
    expect(await refused.json()).toEqual([
      { path: 'service', message: expect.stringContaining('“app” does not take the new secret yet (answered 403)') },
    ])
    await call(gateway, 'DELETE', '/services/wiki/lockdown/rotate')
    expect((await documentOf(gateway)).services?.[0]?.lockdown).toEqual({ secretHeader: { value: MASK } })
    const again = (await call<Secret>(gateway, 'POST', '/services/wiki/lockdown/rotate')).secret.value
    expect(again).not.toBe(next)
    backend.accepts = [old, again]
    expect((await visit(port)).text).toBe('inside')
    expect((await proofOf(gateway)).attempts.find(({ what }) => what === 'next')).toMatchObject({ fits: true })
    await call(gateway, 'POST', '/services/wiki/lockdown/finish', {})
    backend.accepts = [again]
    expect((await visit(port)).text).toBe('inside')
    expect(backend.seen.at(-1)?.['x-astrorelay-key']).toBe(again)
    expect((await proofOf(gateway)).state).toBe('locked')
  })

  test('a backend that takes any secret is open; one that refuses the gateway, too, is broken; one that is away is told as such', async () => {
    const backend = await lockable()
    const { gateway } = await run({ backends: [{ id: 'app', url: backend.url }], health: { type: 'off' } })
    await call(gateway, 'POST', '/services/wiki/lockdown', { method: 'secret' })
    backend.accepts = ['another-secret-altogether']
    expect(await proofOf(gateway)).toMatchObject({
      state: 'broken',
      text: expect.stringContaining('app refuses the gateway, too (answered 403)'),
    })
    const lax = createServer(
      (request, response) => void response.writeHead(request.headers['x-astrorelay-key'] === undefined ? 403 : 200).end(),
    )
    await new Promise<void>((resolve) => void lax.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void lax.close())
    const document = await documentOf(gateway)
    const withUrl = (url: string): ConfigDocument => ({
      ...document,
      services: (document.services ?? []).map((service) => ({ ...service, backends: [{ id: 'app', url }] })),
    })
    await call(gateway, 'PUT', '/config', withUrl(`http://127.0.0.1:${(lax.address() as AddressInfo).port}`))
    expect(await proofOf(gateway)).toMatchObject({ state: 'open', text: expect.stringContaining('takes any secret') })
    await call(gateway, 'PUT', '/config', withUrl(`http://127.0.0.1:${await freePort()}`))
    expect(await proofOf(gateway)).toMatchObject({ state: 'unreachable', text: expect.stringContaining('connection refused') })
  })
})

describe.each(LOCKABLE_SERVERS)('$id with our own text', ({ id, start, here }) => {
  test.skipIf(!here)(
    `is verified: open before, then refused directly and answering through AstroRelay (skipped where ${id} is not installed)`,
    async () => {
      const [open, locked] = [await freePort(), await freePort()]
      const { gateway, port } = await run({ backends: [{ id: 'app', url: `http://127.0.0.1:${locked}` }], health: { type: 'off' } })
      const { secret } = await call<Secret>(gateway, 'POST', '/services/wiki/lockdown', { method: 'secret' })
      const textFor = (secrets: readonly string[]): string =>
        lockdownTexts({ method: 'secret', gateway: ['127.0.0.1'], host: '127.0.0.1', port: locked, header: secret.header, secrets }).find(
          (text) => text.id === id,
        )?.text ?? ''
      await start(locked, textFor([secret.value]))
      expect(await proofOf(gateway)).toMatchObject({ state: 'locked', text: 'Refused directly, answers through AstroRelay.' })
      expect((await visit(port)).status).toBe(200)
      expect((await ask(locked)).status).toBe(403)
      await start(open, '')
      await call(gateway, 'PUT', '/config', {
        ...(await documentOf(gateway)),
        services: [{ ...(await documentOf(gateway)).services?.[0], backends: [{ id: 'app', url: `http://127.0.0.1:${open}` }] }],
      })
      expect((await proofOf(gateway)).state).toBe('open')
    },
  )
})

test('the secret lies in the store, with mode 0600, and nowhere else: no answer, no log, no export, no row, no status', async () => {
  const backend = await lockable()
  const { gateway, port, data, at } = await run({
    backends: [{ id: 'app', url: backend.url }],
    health: { path: '/', interval: '1s', timeout: '500ms' },
  })
  const first = (await call<Secret>(gateway, 'POST', '/services/wiki/lockdown', { method: 'secret' })).secret.value
  const second = (await call<Secret>(gateway, 'POST', '/services/wiki/lockdown/rotate')).secret.value
  const secrets = [first, second]
  backend.accepts = secrets
  await visit(port, { 'x-astrorelay-key': 'forged' })
  await proofOf(gateway)
  expect((await documentOf(gateway)).services?.[0]?.lockdown).toEqual({ secretHeader: { value: MASK, next: MASK } })
  // A document that was read is written back with its masks: the secrets stay.
  const document = await documentOf(gateway)
  await call(gateway, 'PUT', '/config', { ...document, services: document.services?.map((service) => ({ ...service, name: 'Renamed' })) })
  expect((await visit(port)).text).toBe('inside')
  const told: string[] = []
  for (const target of [
    '/config',
    '/status',
    '/requests',
    '/history',
    '/lockdown',
    '/info',
    '/metrics',
    '/traffic',
    '/access/counts',
    '/services/wiki/history',
  ])
    told.push(await (await gateway.api('GET', target)).text())
  for (const { revision } of await call<{ revision: string }[]>(gateway, 'GET', '/history'))
    told.push(await (await gateway.api('GET', `/history/${revision}`)).text())
  told.push(
    (await visit(port)).text,
    JSON.stringify((await visit(port)).headers),
    await (await gateway.api('PUT', '/config', { version: 1, nonsense: second })).text().then(() => ''),
  )
  for (const args of [['status', '--json'], ['status'], ['export'], ['verify', 'wiki', '--json'], ['verify', 'wiki']]) {
    const { out, err } = await cli(...args, ...at)
    told.push(out, err)
  }
  const exported = path.join(tempDirectory(), 'export.json')
  await cli('export', exported, ...at)
  told.push(readFileSync(exported, 'utf8'), gateway.out(), gateway.err())
  for (const secret of secrets) expect(told.filter((text) => text.includes(secret))).toEqual([])
  const holders = filesBelow(data).filter((file) => secrets.some((secret) => readFileSync(file, 'utf8').includes(secret)))
  expect(
    holders.map((file) => path.relative(data, file)).filter((file) => !/^(config\.json(\.previous)?|history\/\d+\.json)$/.test(file)),
  ).toEqual([])
  expect(holders.length).toBeGreaterThan(0)
  for (const file of holders) expect(statSync(file).mode & 0o777).toBe(0o600)

  // What was exported comes back without its secret, and says so; the service that is there keeps its own.
  const elsewhere = await run({ backends: [{ id: 'app', url: backend.url }] })
  await call(elsewhere.gateway, 'PUT', '/config', { version: 1 })
  const imported = await elsewhere.gateway.api('PUT', '/config', JSON.parse(readFileSync(exported, 'utf8')))
  expect(imported.status).toBe(200)
  const { services } = JSON.parse(readFileSync(path.join(elsewhere.data, 'config.json'), 'utf8')) as ConfigDocument
  expect(services?.[0]?.lockdown?.secretHeader?.value).toMatch(/^[\w-]{43}$/)
  expect(secrets).not.toContain(services?.[0]?.lockdown?.secretHeader?.value)
})

test('a store that holds a mask in place of a secret is not taken: the last good one goes on', async () => {
  const backend = await lockable()
  const { gateway, port, data } = await run({ backends: [{ id: 'app', url: backend.url }], health: { type: 'off' } })
  const { secret } = await call<Secret>(gateway, 'POST', '/services/wiki/lockdown', { method: 'secret' })
  backend.accepts = [secret.value]
  writeFileSync(path.join(data, 'config.json'), JSON.stringify({ ...(await documentOf(gateway)), blocked: [] }))
  await until(
    'it to be told',
    () => gateway.err().includes('this is the mask of a secret') || gateway.out().includes('this is the mask of a secret'),
  )
  expect((await visit(port)).text).toBe('inside')
})

test('by PROXY protocol: plain connections refused is not proof enough, and says so; the backend is told the client', async () => {
  const heard: string[] = []
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1')
      if (text.startsWith('PROXY ')) {
        heard.push(text)
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      } else socket.destroy()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '0.0.0.0', resolve))
  onTestFinished(() => void server.close())
  const { port: own } = server.address() as AddressInfo
  const { gateway, port } = await run({
    backends: [{ id: 'app', url: `http://127.0.0.1:${own}` }],
    health: { type: 'off' },
    lockdown: { proxyProtocol: 'v1' },
  })
  expect((await ask(port, '/', { localAddress: '127.0.0.3' })).text).toBe('ok')
  expect((await ask(port, '/', { localAddress: '127.0.0.4' })).text).toBe('ok')
  expect(heard.map((text) => text.split('\r\n')[0])).toEqual([
    expect.stringMatching(/^PROXY TCP4 127\.0\.0\.3 127\.0\.0\.1 \d+ \d+$/),
    expect.stringMatching(/^PROXY TCP4 127\.0\.0\.4 127\.0\.0\.1 \d+ \d+$/),
  ])
  const proof = await proofOf(gateway)
  expect(proof.attempts.find(({ what }) => what === 'direct')).toMatchObject({ outcome: 'closed the connection', fits: true })
  expect(proof.state === 'unproven' ? proof.text : proof.state).toMatch(/^Plain requests are refused\. Anyone may send a PROXY header/)
})

test('network rules on the same machine cannot be told, and that is said', async () => {
  const server = createServer((_, response) => void response.end('ok'))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.9', resolve))
  onTestFinished(() => void server.close())
  const { gateway, at } = await run({
    backends: [{ id: 'app', url: `http://127.0.0.9:${(server.address() as AddressInfo).port}` }],
    health: { type: 'off' },
  })
  await call(gateway, 'POST', '/services/wiki/lockdown', { method: 'network' })
  expect((await documentOf(gateway)).services?.[0]?.lockdown).toEqual({ network: true })
  const proof = await proofOf(gateway)
  expect(proof).toMatchObject({ state: 'unproven', text: expect.stringContaining('Cannot tell from this machine') })
  expect(await cli('unlock', 'wiki', ...at)).toMatchObject({ code: 0, out: 'wiki is no longer locked down\n' })
  expect((await documentOf(gateway)).services?.[0]?.lockdown).toBeUndefined()
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(path.join(folder, entry.name)) : entry.isFile() ? [path.join(folder, entry.name)] : [],
  )
}
