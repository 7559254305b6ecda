import { Agent, get, type ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startWsEcho } from '../../support/stream-servers'
import { until } from '../../support/until'
import { nameOf, poolForEach } from '../../support/pool'

const pool = poolForEach()
const { list, serve, start, status, three } = pool
async function ask1(headers: Record<string, string> = {}, agent?: Agent): Promise<{ name: string; cookie: string | undefined }> {
  const answer = await ask(pool.gateway.port, '/', { headers, ...(agent ? { agent } : {}) })
  expect(answer.status).toBe(200)
  return { name: nameOf(answer.text), cookie: answer.headers['set-cookie']?.[0] }
}
async function names(count: number, agent?: Agent): Promise<string[]> {
  const found: string[] = []
  for (let n = 0; n < count; n++) found.push((await ask1({}, agent)).name)
  return found
}
const tally = (found: readonly string[]): Record<string, number> =>
  Object.fromEntries(['a', 'b', 'c'].map((name) => [name, found.filter((one) => one === name).length]))

describe('even balancing', () => {
  test('300 requests to three equal backends are 100 each, over new connections and over one', async () => {
    await three()
    await serve()
    expect(tally(await names(300))).toEqual({ a: 100, b: 100, c: 100 })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    expect(tally(await names(300, agent))).toEqual({ a: 100, b: 100, c: 100 })
    agent.destroy()
  })

  test('weights 5/1/1 come in smooth order, and change live', async () => {
    await three()
    await serve({}, { a: { weight: 5 } })
    expect((await names(7)).join(' ')).toBe('a a b a c a a')
    await serve({}, { a: { weight: 1 } })
    const after = tally(await names(30))
    expect(after).toEqual({ a: 10, b: 10, c: 10 })
  })
})

describe('a draining backend', () => {
  test('gets no new request, what runs on it ends, and then it is told that nothing is left', async () => {
    await start('a', (_, response) => {
      response.writeHead(200)
      response.write('first')
      held.push(response)
    })
    await start('b')
    const held: { end(text: string): unknown }[] = []
    const echo = await startWsEcho()
    await pool.gateway.serve(
      { id: 'one', health: { type: 'off' }, backends: list({ b: { state: 'maintenance' } }) },
      {
        id: 'ws',
        hosts: ['ws.test'],
        health: { type: 'off' },
        backends: [
          { id: 'a', url: echo.url },
          { id: 'b', url: pool.backends.get('b')?.url ?? '' },
        ],
      },
    )
    const download = new Promise<string>(
      (resolve, reject) =>
        void get({ host: '127.0.0.1', port: pool.gateway.port }, (answer) => {
          let text = ''
          answer
            .on('data', (chunk: Buffer) => (text += chunk.toString()))
            .on('end', () => resolve(text))
            .on('error', reject)
        }).on('error', reject),
    )
    const socket = new WebSocket(`ws://127.0.0.1:${pool.gateway.port}/`, { headers: { host: 'ws.test' } })
    await new Promise((resolve) => void socket.once('open', resolve))
    await until('both to run', () => held.length === 1)
    await pool.gateway.serve(
      { id: 'one', health: { type: 'off' }, backends: list({ a: { state: 'draining' } }) },
      {
        id: 'ws',
        hosts: ['ws.test'],
        health: { type: 'off' },
        backends: [
          { id: 'a', url: echo.url, state: 'draining' },
          { id: 'b', url: pool.backends.get('b')?.url ?? '' },
        ],
      },
    )
    expect(await names(4)).toEqual(['b', 'b', 'b', 'b'])
    expect(await status('a')).toMatchObject({ state: 'draining', inFlight: 1, tunnels: 0, drain: { since: expect.any(Number) } })
    expect((await pool.gateway.status()).services[1]?.backends[0]).toMatchObject({ inFlight: 1, tunnels: 1 })
    socket.send('still here')
    expect(String(await new Promise((resolve) => void socket.once('message', resolve)))).toBe('still here')
    expect(pool.gateway.events.filter(({ name }) => name === 'drained')).toEqual([])
    held[0]?.end(' last')
    expect(await download).toBe('first last')
    await until('the drain to be told over', () =>
      pool.gateway.events.some(({ name, payload }) => name === 'drained' && 'service' in payload && payload.service === 'one'),
    )
    socket.close()
    await until('the other as well', () =>
      pool.gateway.events.some(({ name, payload }) => name === 'drained' && 'service' in payload && payload.service === 'ws'),
    )
    expect(pool.gateway.events.filter(({ name }) => name === 'drained')).toHaveLength(2)
    await echo.stop()
  })

  test('as little as another address in its place or an edit elsewhere ends a download or a WebSocket', async () => {
    const held: ServerResponse[] = []
    const old = await start('old', (_, response) => {
      response.write('first')
      held.push(response)
    })
    const fresh = await start('fresh')
    const echo = await startWsEcho()
    const configure = (page: string, sockets: string, extra: Partial<ServiceDocument> = {}): Promise<void> =>
      pool.gateway.serve(
        { id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url: page }] },
        { id: 'ws', hosts: ['ws.test'], health: { type: 'off' }, backends: [{ id: 'main', url: sockets }] },
        { id: 'other', hosts: ['other.test'], health: { type: 'off' }, backends: [{ id: 'main', url: fresh.url }], ...extra },
      )
    await configure(old.url, echo.url)
    const download = ask(pool.gateway.port)
    const socket = new WebSocket(`ws://127.0.0.1:${pool.gateway.port}/`, { headers: { host: 'ws.test' } })
    await new Promise((resolve) => void socket.once('open', resolve))
    await until('both to run', () => held.length === 1)
    await configure(old.url, echo.url, { hosts: ['renamed.test'], access: { default: 'deny' } })
    await configure(fresh.url, fresh.url, { enabled: false })
    expect(nameOf((await ask(pool.gateway.port)).text)).toBe('fresh')
    socket.send('still here')
    expect(String(await new Promise((resolve) => void socket.once('message', resolve)))).toBe('still here')
    held[0]?.end(' last')
    expect(await download).toMatchObject({ text: 'first last', complete: true })
    socket.close()
    await echo.stop()
  })

  test('its time over, it is told so while a request runs on, which ends all the same', async () => {
    const held: { end(text: string): unknown }[] = []
    await start('a', (_, response) => void held.push(response))
    await start('b')
    await serve({ timeouts: { drain: '1s' } }, { b: { state: 'maintenance' } })
    const slow = ask(pool.gateway.port)
    await until('it to run', () => held.length === 1)
    await serve({ timeouts: { drain: '1s' } }, { a: { state: 'draining' } })
    await until('its time to be over', () => pool.gateway.events.some(({ name }) => name === 'drained'))
    await serve({ timeouts: { drain: '1s' } }, { a: { state: 'maintenance' } })
    held[0]?.end('whole')
    expect((await slow).text).toBe('whole')
  })

  test('what runs on it is cut only when somebody asks for that', async () => {
    const held: unknown[] = []
    await start('a', (_, response) => void held.push(response))
    await start('b')
    await serve({}, { b: { state: 'maintenance' } })
    const slow = ask(pool.gateway.port).catch((error: Error) => error.message)
    await until('it to run', () => held.length === 1)
    await serve({}, { a: { state: 'maintenance' } })
    expect(await pool.gateway.call('backend.disconnect', { service: 'one', backend: 'a' })).toEqual({ cut: 1 })
    expect(await slow).toMatch(/hang up|ECONNRESET/)
  })
})

test('maintenance: no requests and no checks, no alarm; with nobody left visitors get 503', async () => {
  let checks = 0
  await start('a', (_, response) => {
    checks += 1
    response.end('{"name":"a"}')
  })
  await serve({ health: { path: '/', interval: '1s', timeout: '500ms' } }, { a: { state: 'maintenance' } })
  const answer = await ask(pool.gateway.port)
  expect([answer.status, checks]).toEqual([503, 0])
  expect((await pool.gateway.status()).services[0]).toMatchObject({
    state: 'attention',
    reason: 'every backend is drained or in maintenance',
  })
  expect(pool.gateway.events.filter(({ name }) => name === 'health')).toEqual([])
})

describe('a visitor kept on its backend', () => {
  const sticky = { balance: { sticky: { cookie: 'relay' } } } as const

  test('comes back to it by a cookie that no script can read, that tells nothing, and that the backend does not see', async () => {
    await three()
    await serve(sticky)
    const first = await ask1()
    expect(first.cookie).toMatch(/^relay=[0-9a-f]{16}; Path=\/; HttpOnly; SameSite=Lax$/)
    const cookie = first.cookie?.split(';')[0] ?? ''
    for (let n = 0; n < 6; n++) expect(await ask1({ cookie: `x=1; ${cookie}; y=2` })).toEqual({ name: first.name, cookie: undefined })
    expect(pool.backends.get(first.name)?.seen.at(-1)?.headers.cookie).toBe('x=1; y=2')
    expect(
      new Set(await Promise.all(Array.from({ length: 6 }, () => ask1({ cookie: 'relay=forged' }).then(({ name }) => name)))).size,
    ).toBe(3)
  })

  test('stays while it drains, moves with maintenance and when it dies, and gets a new cookie then', async () => {
    await three()
    await serve(sticky)
    const first = await ask1()
    const cookie = first.cookie?.split(';')[0] ?? ''
    await serve(sticky, { [first.name]: { state: 'draining' } })
    expect((await ask1({ cookie })).name).toBe(first.name)
    expect((await names(6)).includes(first.name)).toBe(false)
    await serve(sticky, { [first.name]: { state: 'maintenance' } })
    const moved = await ask1({ cookie })
    expect(moved.name).not.toBe(first.name)
    expect(moved.cookie).toBeDefined()
    await serve(sticky)
    await pool.backends.get(first.name)?.stop()
    const away = await ask1({ cookie })
    expect([away.name === first.name, away.cookie !== undefined]).toEqual([false, true])
  })
})

test('a backend that comes back gets a share that grows', async () => {
  await start('b')
  const spare = await startBackend({ name: 'a' })
  await spare.stop()
  const documents = [
    { id: 'a', url: spare.url },
    { id: 'b', url: pool.backends.get('b')?.url ?? '' },
  ]
  await pool.gateway.serve({
    id: 'one',
    backends: documents,
    health: { type: 'tcp', interval: '1s', timeout: '500ms', rise: 1, fall: 1 },
    balance: { slowStart: '1h' },
  })
  await until('it to be down', async () => (await status('a'))?.health === 'down')
  pool.backends.set('a', await startBackend({ name: 'a', port: spare.port }))
  await until('it to be back', async () => (await status('a'))?.health === 'up')
  const share = tally(await names(40))
  expect(share['a']).toBeGreaterThan(0)
  expect(share['a']).toBeLessThan(6)
})

test('drained, removed and added a hundred times under load: no request fails and no connection is reset', async () => {
  await three()
  await serve()
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const outcomes = new Map<string, number>()
  const over = new AbortController()
  const clients = Array.from({ length: 16 }, async () => {
    while (!over.signal.aborted) {
      const outcome = await ask(pool.gateway.port, '/', { agent }).then(
        (answer) => `${answer.status} ${answer.complete}`,
        (error: Error) => error.message,
      )
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
  })
  let answered = 0
  const some = (): Promise<unknown> => {
    const enough = answered + 4
    return until('requests to be answered', () => (answered = [...outcomes.values()].reduce((sum, count) => sum + count, 0)) >= enough)
  }
  for (let n = 0; n < 100; n++) {
    const [id, other] = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ][n % 3] ?? ['a', 'b']
    await serve({}, { [id ?? '']: { state: 'draining' } })
    await some()
    await pool.gateway.serve({ id: 'one', health: { type: 'off' }, backends: list().filter((backend) => backend.id !== id) })
    await serve({}, { [other ?? '']: { weight: 2 } })
    await some()
  }
  over.abort()
  await Promise.all(clients)
  agent.destroy()
  expect([...outcomes.keys()]).toEqual(['200 true'])
  expect(outcomes.get('200 true')).toBeGreaterThan(300)
})
