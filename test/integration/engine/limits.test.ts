import { describe, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { openRaw } from '../../support/raw-client'
import { until } from '../../support/until'
import { nameOf, poolForEach } from '../../support/pool'

const pool = poolForEach()
const { list, serve, start, status, three } = pool

describe('a backend with a limit', () => {
  test('never has more at once; others wait in line, and too many are told that it is busy', async () => {
    let running = 0
    let most = 0
    const held: { end(text: string): unknown }[] = []
    await start('a', (_, response) => {
      running += 1
      most = Math.max(most, running)
      response.once('close', () => (running -= 1))
      held.push(response)
    })
    await serve({ queue: { length: 2, wait: '20s' } }, { a: { maxConnections: 2 } })
    const asked = Array.from({ length: 5 }, () => ask(pool.gateway.port).then((answer) => answer.status))
    const first = await Promise.race(asked)
    expect(first).toBe(503)
    await until('two to run', () => held.length === 2)
    for (let n = 0; n < 4; n++) {
      await until('the next to run', () => held.length > n)
      held[n]?.end('ok')
    }
    expect((await Promise.all(asked)).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 503])
    expect(most).toBe(2)
    expect((await pool.gateway.rows()).find((row) => row.status === 503)?.error).toBe('AR_BUSY')
  })

  test.each([1, 2, 3])('a save while %i wait in line ends nothing: all are answered, those that find room at once', async (waiting) => {
    const held: { end(text: string): unknown }[] = []
    await start('a', (_, response) => void held.push(response))
    await serve({ queue: { length: 5, wait: '20s' } }, { a: { maxConnections: 1 } })
    const asked = Array.from({ length: 1 + waiting }, () => ask(pool.gateway.port).then(({ status }) => status))
    await until('all to be there', async () => (await pool.gateway.status()).services[0]?.traffic.inFlight === 1 + waiting)
    await serve({ queue: { length: 6, wait: '20s' } }, { a: { maxConnections: 1 } })
    expect(held).toHaveLength(1)
    await serve({ queue: { length: 6, wait: '20s' } }, { a: { maxConnections: 1 + waiting } })
    await until('the others to find room', () => held.length === 1 + waiting)
    for (const response of held) response.end('ok')
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 1 + waiting }, () => 200))
  })

  test('a wait that is over is answered 503, and one whose client left is forgotten', async () => {
    const held: { end(text: string): unknown }[] = []
    await start('a', (_, response) => void held.push(response))
    await serve({ queue: { length: 5, wait: '300ms' } }, { a: { maxConnections: 1 } })
    const running = ask(pool.gateway.port)
    await until('one to run', () => held.length === 1)
    const gone = await openRaw(pool.gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    gone.destroy()
    expect((await ask(pool.gateway.port)).status).toBe(503)
    held[0]?.end('ok')
    expect((await running).status).toBe(200)
    expect((await pool.gateway.status()).services[0]?.traffic.inFlight).toBe(0)
  })
})

describe('the maintenance page', () => {
  const page = { mode: 'on' as const, title: 'Moving <house>', message: 'Back soon & better.', allow: ['127.0.0.2'] }

  test('says what it is told to, when to come back, in HTML or JSON; chosen addresses see the real site, other services are untouched', async () => {
    await start('a')
    const back = new Date(Date.now() + 3_600_000).toISOString()
    await pool.gateway.serve(
      { id: 'one', health: { type: 'off' }, backends: list(), maintenance: { ...page, until: back } },
      { id: 'two', hosts: ['two.test'], health: { type: 'off' }, backends: list() },
    )
    const html = await ask(pool.gateway.port)
    expect([
      html.status,
      html.text.includes('Moving &#60;house&#62;'),
      html.text.includes('Back soon &#38; better.'),
      html.text.includes(back),
    ]).toEqual([503, true, true, true])
    expect(Number(html.headers['retry-after'])).toBeGreaterThan(3_500)
    expect(Number(html.headers['retry-after'])).toBeLessThanOrEqual(3_600)
    const json = await ask(pool.gateway.port, '/', { headers: { accept: 'application/json' } })
    expect(JSON.parse(json.text)).toMatchObject({
      error: { code: 'maintenance', title: 'Moving <house>', message: 'Back soon & better.', until: back },
    })
    expect((await ask(pool.gateway.port, '/', { localAddress: '127.0.0.2' })).status).toBe(200)
    expect((await ask(pool.gateway.port, '/', { headers: { host: 'two.test' } })).status).toBe(200)
    await serve()
    expect((await ask(pool.gateway.port)).status).toBe(200)
  })

  test('in automatic mode is shown only while no backend is usable', async () => {
    const a = await start('a')
    await start('b')
    await serve({ maintenance: { ...page, mode: 'auto', retryAfter: '2m' } })
    expect((await ask(pool.gateway.port)).status).toBe(200)
    await serve({ maintenance: { ...page, mode: 'auto', retryAfter: '2m' } }, { a: { state: 'maintenance' }, b: { state: 'maintenance' } })
    const away = await ask(pool.gateway.port)
    expect([away.status, away.headers['retry-after'], away.text.includes('Moving')]).toEqual([503, '120', true])
    expect(a.seen.length).toBeLessThanOrEqual(1)
  })
})

describe('retries and passive ejection', () => {
  test('a POST that reached a backend is never sent again; one that could not be sent goes to another', async () => {
    let posts = 0
    await start('a', (request) => {
      posts += 1
      request.socket.destroy()
    })
    await start('b')
    await serve({}, { b: { role: 'backup' } })
    expect((await ask(pool.gateway.port, '/', { method: 'POST', body: 'x' })).status).toBe(502)
    expect([posts, pool.backends.get('b')?.seen.length]).toEqual([1, 0])
    await pool.backends.get('a')?.stop()
    expect(nameOf((await ask(pool.gateway.port, '/', { method: 'POST', body: 'x' })).text)).toBe('b')
  })

  test('a backend that accepts and then resets is left alone after three failures; client errors and aborts count for nothing', async () => {
    await start('a', (request) => void request.socket.destroy())
    await start('b', (request, response) => void response.writeHead(request.url === '/' ? 200 : 404).end('{"name":"b"}'))
    await serve()
    for (let n = 0; n < 8; n++) expect((await ask(pool.gateway.port)).status).toBe(200)
    expect(pool.backends.get('a')?.seen.length).toBe(3)
    expect(await status('a')).toMatchObject({ health: 'down' })
    for (let n = 0; n < 8; n++) expect((await ask(pool.gateway.port, '/missing')).status).toBe(404)
    expect(await status('b')).toMatchObject({ health: 'unwatched' })
  })

  test('so many other backends are tried as the service says', async () => {
    await three()
    await serve({ retry: { attempts: 0 } })
    await pool.backends.get('a')?.stop()
    const outcomes: number[] = []
    for (let n = 0; n < 3; n++) outcomes.push((await ask(pool.gateway.port)).status)
    expect(outcomes.toSorted((a, b) => a - b)).toEqual([200, 200, 502])
  })

  test('a backend that accepts and never answers costs its own clients 504 and nobody else', async () => {
    await start('a', () => undefined)
    await start('b')
    await pool.gateway.serve(
      {
        id: 'one',
        health: { type: 'off' },
        backends: [{ id: 'a', url: pool.backends.get('a')?.url ?? '' }],
        timeouts: { response: '300ms' },
      },
      { id: 'two', hosts: ['two.test'], health: { type: 'off' }, backends: [{ id: 'b', url: pool.backends.get('b')?.url ?? '' }] },
    )
    const [silent, other] = await Promise.all([ask(pool.gateway.port), ask(pool.gateway.port, '/', { headers: { host: 'two.test' } })])
    expect([silent.status, other.status]).toEqual([504, 200])
  })
})

describe('checks', () => {
  test('look for a text in the answer, and are made at once when somebody asks', async () => {
    let body = 'all well'
    await start('a', (_, response) => void response.end(body))
    await start('b', (_, response) => void response.end('all well here'))
    await serve({ health: { path: '/', body: 'all well', interval: '1h', timeout: '2s', fall: 1 } }, { b: { role: 'backup' } })
    await until('the first check', async () => (await status('a'))?.health === 'up')
    body = 'oh no'
    expect(await pool.gateway.call('backend.check', { service: 'one', backend: 'a' })).toEqual({ found: true })
    await until('it to be found down', async () => (await status('a'))?.health === 'down')
    expect((await status('a'))?.reason).toBe('the text “all well” is not in the answer')
    expect((await pool.gateway.status()).services[0]).toMatchObject({ state: 'attention', onBackup: true })
  })

  test('two services with one backend and different checks keep separate states', async () => {
    const a = await start('a', (request, response) => void response.writeHead(request.url === '/bad' ? 500 : 200).end('ok'))
    const health = { interval: '1s', timeout: '500ms', fall: 1 } as const
    await pool.gateway.serve(
      { id: 'good', hosts: ['good.test'], backends: [{ id: 'a', url: a.url }], health: { ...health, path: '/good' } },
      { id: 'bad', hosts: ['bad.test'], backends: [{ id: 'a', url: a.url }], health: { ...health, path: '/bad' } },
    )
    await until(
      'both to be found out',
      async () => (await pool.gateway.status()).services.map(({ backends: [one] }) => one?.health).join() === 'up,down',
    )
    expect((await pool.gateway.status()).services[1]?.backends[0]?.reason).toBe('answered 500, expected 200–399')
  })

  test('that come out well and badly in turns do not make the service come and go', async () => {
    let well = true
    await start('a', (_, response) => void response.writeHead(well ? 200 : 503).end('ok'))
    await start('b')
    await serve({ health: { path: '/', interval: '1h', timeout: '30s', fall: 2, rise: 2 } })
    const check = async (): Promise<void> => {
      const before = (await status('a'))?.reason
      await pool.gateway.call('backend.check', { service: 'one', backend: 'a' })
      await until('its result', async () => (await status('a'))?.reason !== before)
    }
    await until('it to be up', async () => (await status('a'))?.health === 'up')
    const told = pool.gateway.events.filter(({ name }) => name === 'health').length
    for (let n = 0; n < 8; n++) {
      well = !well
      await check()
    }
    // What the last check found is told; the states stand.
    const states = pool.gateway.events
      .filter(({ name }) => name === 'health')
      .slice(told)
      .map(({ payload }) =>
        'backend' in payload && typeof payload.backend === 'object' && 'state' in payload
          ? `${payload.backend?.health} ${payload.state}`
          : '',
      )
    expect(new Set(states)).toEqual(new Set(['up online']))
  })

  test('go over one connection, are made anew now and then, and one that ends under a check says nothing of the backend', async () => {
    const sockets = new Map<unknown, number>()
    let rude = false
    const seen = (): number => [...sockets.values()].reduce((sum, count) => sum + count, 0)
    await start('a', (request, response) => {
      const before = sockets.get(request.socket) ?? 0
      sockets.set(request.socket, before + 1)
      if (rude && before > 0) request.socket.destroy()
      else response.end('ok')
    })
    // Only the checks that are asked for: another, or one that a slow machine gives up, would change the count.
    await serve({ health: { path: '/', interval: '1h', timeout: '30s', fall: 1, rise: 1 } })
    await until('the first check', async () => (await status('a'))?.health === 'up')
    const check = async (): Promise<void> => {
      const count = seen()
      await pool.gateway.call('backend.check', { service: 'one', backend: 'a' })
      await until('a check', () => seen() > count)
      await until('its result', async () => (await status('a'))?.health === 'up')
    }
    for (let n = 0; n < 13; n++) await check()
    expect([...sockets.values()]).toEqual([6, 6, 2])
    rude = true
    for (let n = 0; n < 6; n++) await check()
    expect(
      pool.gateway.events.filter(
        ({ name, payload }) =>
          name === 'health' && 'backend' in payload && typeof payload.backend === 'object' && payload.backend?.health === 'down',
      ),
    ).toEqual([])
  })
})
