import { spawn } from 'node:child_process'
import { createServer, Agent, type RequestListener } from 'node:http'
import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import type { Status } from '../../../proxy/contract/status'
import { ask } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { cli, serve, type Served } from '../../support/cli'
import { freePort } from '../../support/free-port'
import { backend, statusOf } from '../../support/prepared'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

beforeAll(buildOnce, 120_000)

interface Running {
  readonly gateway: Served
  readonly port: number
  readonly at: readonly string[]
  readonly service: () => Promise<Status['services'][number]>
  readonly document: () => Promise<ConfigDocument>
}

async function run(service: Partial<ServiceDocument> & Pick<ServiceDocument, 'backends'>): Promise<Running> {
  const data = tempDirectory()
  const port = await freePort()
  writeFileSync(
    path.join(data, 'config.json'),
    JSON.stringify({
      version: 1,
      listeners: [{ id: 'web', address: '127.0.0.1', port }],
      services: [{ id: 'wiki', name: 'Office wiki', ...service }],
    }),
  )
  const gateway = await serve(data)
  return {
    gateway,
    port,
    at: ['--data', data],
    service: async () => (await statusOf(gateway)).services[0] ?? expect.fail('no service'),
    document: async () => (await (await gateway.api('GET', '/config')).json()) as ConfigDocument,
  }
}

async function server(handler: RequestListener): Promise<string> {
  const listening = createServer(handler)
  await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    listening.closeAllConnections()
    listening.close()
  })
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
}

/** Asks again and again over kept connections until it is told to stop; gives how often each outcome came. */
function keepAsking(port: number, clients: number): { readonly outcomes: Map<string, number>; stop(): Promise<void> } {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const outcomes = new Map<string, number>()
  const over = new AbortController()
  const all = Array.from({ length: clients }, async () => {
    while (!over.signal.aborted) {
      const outcome = await ask(port, '/', { agent }).then(
        ({ status, text, complete }) => `${status} ${text} ${complete}`,
        (error: Error) => error.message,
      )
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
  })
  return {
    outcomes,
    async stop() {
      over.abort()
      await Promise.all(all)
      agent.destroy()
    },
  }
}

const health = { interval: '1s', timeout: '500ms', fall: 1, rise: 1 } as const

test('drained by command, a backend becomes maintenance by itself when nothing runs on it, and stays so after a restart', async () => {
  const { gateway, port, at, service, document } = await run({
    backends: [
      { id: 'a', url: await backend('a') },
      { id: 'b', url: await backend('b') },
    ],
    health,
  })
  expect(await cli('drain', 'wiki', 'a', ...at)).toMatchObject({
    code: 0,
    out: 'a of wiki drains: it gets no new requests; 0 requests and 0 WebSockets still run\n',
  })
  await until('it to be in maintenance', async () => (await service()).backends[0]?.state === 'maintenance')
  expect((await document()).services?.[0]?.backends?.[0]?.state).toBe('maintenance')
  expect((await (await gateway.api('GET', '/history')).json()) as unknown).toMatchObject([
    { by: 'AstroRelay', summary: expect.stringContaining('a of Office wiki is drained') },
    { by: 'command line', summary: 'Draining a of Office wiki' },
    {},
  ])
  expect((await ask(port)).text).toBe('b')
  gateway.child.kill('SIGTERM')
  await gateway.ended
  const again = await serve(at[1] ?? '')
  expect((await statusOf(again)).services[0]?.backends[0]?.state).toBe('maintenance')
  const last = await cli('maintain', 'wiki', 'b', ...at)
  expect(last.out).toContain('note: No backend of this service takes new requests now')
  expect((await ask(port)).status).toBe(503)
  expect(await cli('activate', 'wiki', 'a', ...at)).toMatchObject({ code: 0, out: 'a of wiki takes requests again\n' })
  await until('it to answer', async () => (await ask(port)).text === 'a')
  expect(await cli('drain', 'wiki', 'nobody', ...at)).toMatchObject({ code: 1, err: '“Office wiki” has no backend “nobody”.\n' })
})

test('swapped under load: no request fails, the old one drains and stays for Undo, and Undo brings it back', async () => {
  const { gateway, port, at, service } = await run({ backends: [{ id: 'a', url: await backend('a'), weight: 3 }], health })
  const load = keepAsking(port, 12)
  const swapped = await gateway.api('POST', '/services/wiki/backends/a/swap', { url: await backend('new') })
  expect(swapped.status).toBe(200)
  const { backend: added } = (await swapped.json()) as { backend: string }
  await until('the new one to answer', async () => (await ask(port)).text === 'new')
  await until(
    'the old one to be in maintenance',
    async () => (await service()).backends.find(({ id }) => id === 'a')?.state === 'maintenance',
  )
  expect(await cli('swap', 'wiki', 'a', '--undo', ...at)).toMatchObject({ code: 0, out: 'a of wiki takes requests again\n' })
  await until('the old one to answer', async () => (await ask(port)).text === 'a')
  await until(
    'the new one to be in maintenance',
    async () => (await service()).backends.find(({ id }) => id === added)?.state === 'maintenance',
  )
  await load.stop()
  expect([...load.outcomes.keys()].toSorted()).toEqual(['200 a true', '200 new true'])
})

test('a swap to a server that does not do the work is refused with the reason, and nothing has changed', async () => {
  const a = await backend('a')
  const { at, document, gateway } = await run({ backends: [{ id: 'a', url: a }], health })
  const before = await document()
  const closed = `http://127.0.0.1:${await freePort()}`
  const refused = await cli('swap', 'wiki', 'a', closed, ...at)
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('url: Nothing answers on port')
  expect(await cli('swap', 'wiki', 'a', await server((_, answer) => void answer.writeHead(500).end()), ...at)).toMatchObject({
    code: 1,
    err: 'url: it answers 500\n',
  })
  expect(await cli('swap', 'wiki', 'a', a, ...at)).toMatchObject({ code: 1, err: 'url: this is where the backend is already\n' })
  expect((await gateway.api('DELETE', '/services/wiki/backends/a/swap')).status).toBe(404)
  expect(await document()).toEqual(before)
})

test('a new backend that fails its checks at first is taken back by itself, and that is told', async () => {
  let well = true
  const fickle = await server((_, answer) => void answer.writeHead(well ? 200 : 503).end('new'))
  const { gateway, port, service } = await run({ backends: [{ id: 'a', url: await backend('a') }], health: { ...health, path: '/' } })
  expect((await gateway.api('POST', '/services/wiki/backends/a/swap', { url: fickle })).status).toBe(200)
  await until('the new one to answer', async () => (await ask(port)).text === 'new')
  well = false
  await until('it to be taken back', async () => (await service()).backends.map(({ id, state }) => `${id} ${state}`).join() === 'a active')
  await until('the old one to answer', async () => (await ask(port)).text === 'a')
  const { notices } = (await (await gateway.api('GET', '/info')).json()) as { notices: { title: string; text: string }[] }
  expect(notices.at(-1)).toMatchObject({ title: 'The swap in Office wiki was taken back', text: expect.stringContaining('answered 503') })
})

/** A backend in a process of its own, which can be killed. */
async function processBackend(name: string, at?: number): Promise<{ readonly url: string; kill(): Promise<void> }> {
  const port = at ?? (await freePort())
  const child = spawn(
    process.execPath,
    ['-e', `require('node:http').createServer((_, answer) => answer.end('${name}')).listen(${port}, '127.0.0.1', () => console.log('up'))`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const gone = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone
  }
  onTestFinished(kill)
  await new Promise((resolve) => void child.stdout.once('data', resolve))
  return { url: `http://127.0.0.1:${port}`, kill }
}

test('one of two backends killed under 64 clients of GETs: none fails', async () => {
  const [a, b] = [await processBackend('a'), await processBackend('b')]
  const { port, service } = await run({
    backends: [
      { id: 'a', url: a.url },
      { id: 'b', url: b.url },
    ],
    health,
  })
  const load = keepAsking(port, 64)
  await until('both to answer', () => load.outcomes.has('200 a true') && load.outcomes.has('200 b true'))
  await a.kill()
  await until('it to be found down', async () => (await service()).backends[0]?.health === 'down')
  await load.stop()
  expect([...load.outcomes.keys()].toSorted()).toEqual(['200 a true', '200 b true'])
  expect(await service()).toMatchObject({ state: 'attention', onBackup: false })
})

test('a primary killed with a backup: none fails, the backup answers, it gets its work back, and the history has the incident', async () => {
  const [a, b] = [await processBackend('a'), await processBackend('b')]
  const { gateway, port, service } = await run({
    backends: [
      { id: 'a', url: a.url },
      { id: 'b', url: b.url, role: 'backup' },
    ],
    health,
  })
  const load = keepAsking(port, 32)
  await until('the primary to answer', () => load.outcomes.has('200 a true'))
  expect(load.outcomes.has('200 b true')).toBe(false)
  await a.kill()
  await until('the service to run on its backup', async () => (await service()).onBackup)
  await processBackend('again', Number(new URL(a.url).port))
  await until('the primary to answer again', () => load.outcomes.has('200 again true'))
  expect(await service()).toMatchObject({ state: 'online', onBackup: false })
  await load.stop()
  expect([...load.outcomes.keys()].toSorted()).toEqual(['200 a true', '200 again true', '200 b true'])
  await until('the incident to be in the history', async () => {
    const history = (await (await gateway.api('GET', '/services/wiki/history')).json()) as {
      incidents: { backend: string; reason: string }[]
    }
    // Whether a visit or a check meets the death first, only the words differ.
    return history.incidents[0]?.backend === 'a' && /connection (refused|was closed|was reset)/.test(history.incidents[0].reason)
  })
})
