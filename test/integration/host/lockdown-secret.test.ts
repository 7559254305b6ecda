import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { ask } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { cli, serve, type Served } from '../../support/cli'
import { freePort } from '../../support/free-port'
import { sendRaw } from '../../support/raw-client'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

beforeAll(buildOnce, 120_000)

const SECRET = 'a-secret-that-is-known-here'

/** A server that asks for the secret, and what it saw. */
async function locked(): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      seen.push(request)
      response.writeHead(request.headers['x-astrorelay-key'] === SECRET ? 200 : 403).end()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

async function run(url: string): Promise<{
  gateway: Served
  port: number
  data: string
  document: () => Promise<ConfigDocument>
  put: (document: object) => Promise<{ notes: { message: string }[] }>
}> {
  const data = tempDirectory()
  const port = await freePort()
  writeFileSync(
    path.join(data, 'config.json'),
    JSON.stringify({
      version: 1,
      listeners: [{ id: 'web', address: '127.0.0.1', port }],
      services: [{ id: 'wiki', backends: [{ id: 'app', url }], health: { type: 'off' }, lockdown: { secretHeader: { value: SECRET } } }],
    }),
  )
  const gateway = await serve(data)
  return {
    gateway,
    port,
    data,
    document: async () => (await (await gateway.api('GET', '/config')).json()) as ConfigDocument,
    put: async (document) => {
      const answer = await gateway.api('PUT', '/config', document)
      const text = await answer.text()
      expect([answer.status, text]).toEqual([200, text])
      return JSON.parse(text) as { notes: { message: string }[] }
    },
  }
}

test('a service that was deleted and is put back, as Undo does it, has the secret its backends know', async () => {
  const { url } = await locked()
  const { port, document, put } = await run(url)
  const before = await document()
  await put({ ...before, services: [] })
  expect((await put(before)).notes).toEqual([])
  expect((await ask(port)).status).toBe(200)
})

test('what is exported here and imported here after a deletion works; imported elsewhere, it is said that a secret was made', async () => {
  const { url } = await locked()
  const one = await run(url)
  const file = path.join(tempDirectory(), 'export.json')
  await cli('export', file, '--data', one.data)
  await one.put({ version: 1 })
  expect((await cli('import', file, '--data', one.data)).out).not.toContain('note')
  expect((await ask(one.port)).status).toBe(200)
  const other = await run((await locked()).url)
  await other.put({ version: 1 })
  writeFileSync(
    path.join(other.data, 'moved.json'),
    JSON.stringify({
      ...(await one.document()),
      listeners: [],
      services: (await one.document()).services?.map((service) => ({ ...service, id: 'moved' })),
    }),
  )
  expect((await cli('import', path.join(other.data, 'moved.json'), '--data', other.data)).out).toContain(
    'note: services[0].lockdown.secretHeader.value: a new secret was made',
  )
})

test('a trailer under the secret’s name reaches no backend, nor does one that the service takes out', async () => {
  const { url, seen } = await locked()
  const { port, document, put } = await run(url)
  const now = await document()
  await put({ ...now, services: now.services?.map((service) => ({ ...service, headers: { request: { remove: ['X-Gone'] } } })) })
  await sendRaw(
    port,
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-AstroRelay-Key\r\n\r\n1\r\na\r\n0\r\nX-AstroRelay-Key: forged\r\nx_astrorelay_key: forged\r\nX-Gone: forged\r\nX-Stays: kept\r\n\r\n',
  )
  expect(seen.at(-1)?.trailers).toEqual({ 'x-stays': 'kept' })
  expect(seen.at(-1)?.headers['x-astrorelay-key']).toBe(SECRET)
})

test('a proof does not outlive the secret it was made with', async () => {
  const { url } = await locked()
  const { gateway, document, put } = await run(url)
  const state = async (): Promise<unknown> =>
    ((await (await gateway.api('GET', '/lockdown')).json()) as { services: { backends: { proof: { state: string } | null }[] }[] })
      .services[0]?.backends[0]?.proof?.state ?? null
  await gateway.api('POST', '/services/wiki/lockdown/verify', {})
  expect(await state()).toBe('locked')
  const now = await document()
  await put({
    ...now,
    services: now.services?.map((service) => ({ ...service, lockdown: { secretHeader: { value: 'another-secret-altogether' } } })),
  })
  expect(await state()).toBeNull()
})

test('AstroRelay’s own data is hosted for nobody, wherever it lies in a hosted folder', async () => {
  const { url } = await locked()
  const { port, data, document, put } = await run(url)
  mkdirSync(path.join(data, '..', `beside-${path.basename(data)}`), { recursive: true })
  await put({ ...(await document()), services: [{ id: 'all', type: 'files', root: path.dirname(data), listing: true, dotFiles: true }] })
  for (const file of ['config.json', 'config.json.previous', 'console-token', 'history/000001.json', 'lockdown.json', ''])
    expect([file, (await ask(port, `/${path.basename(data)}/${file}`)).status]).toEqual([file, 404])
  const listing = (await ask(port, '/')).text
  expect(listing).toContain(`beside-${path.basename(data)}`)
  expect(listing).not.toContain(`"./${path.basename(data)}/"`)
})

test('a folder within that data is not hosted at all, and its service says why', async () => {
  const { url } = await locked()
  const { gateway, data, document, put } = await run(url)
  await put({ ...(await document()), services: [{ id: 'own', type: 'files', root: path.join(data, 'history') }] })
  const state = async (): Promise<{ state: string; reason: string | null } | undefined> =>
    ((await (await gateway.api('GET', '/status')).json()) as { services: { state: string; reason: string | null }[] }).services[0]
  await until('it to be down', async () => (await state())?.state === 'down')
  expect((await state())?.reason).toContain('lies in AstroRelay’s own data')
})
