import { beforeAll, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { sendRaw } from '../../support/raw-client'
import { statusOf } from '../../support/prepared'
import { expose, PLAIN_ANSWER, rawBackend, service } from './exposed'

beforeAll(buildOnce, 120_000)

/** Answers that are no HTTP; each has to become a 502 and nothing worse. */
const GARBAGE: Readonly<Record<string, string>> = {
  banner: 'SSH-2.0-OpenSSH_9.2\r\n',
  nothing: '',
  'half-a-head': 'HTTP/1.1 200 OK\r\nX-A: 1',
  'status-099': 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n',
  'two-lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
  'length-and-chunked': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'a-negative-length': 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n',
  'a-control-character': 'HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 0\r\n\r\n',
  'a-huge-head': `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(60_000)}\r\nContent-Length: 0\r\n\r\n`,
}

test('whatever a backend answers that is not HTTP becomes a 502, and the engine lives on', async () => {
  const services = await Promise.all(Object.entries(GARBAGE).map(async ([id, answer]) => service(id, (await rawBackend(answer)).url)))
  const { port, enginePid } = await expose(services)
  const pid = await enginePid()
  const answers: Record<string, number> = {}
  for (const { id } of services)
    answers[id] = (await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${id}.test\r\nConnection: close\r\n\r\n`)).status
  expect(answers).toEqual(Object.fromEntries(services.map(({ id }) => [id, 502])))
  expect(await enginePid()).toBe(pid)
})

test('a switch of protocols that nobody asked for is a 502', async () => {
  const backend = await rawBackend('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nboo', 'stay')
  const { port } = await expose([service('a', backend.url, { timeouts: { response: '2s' } })])
  expect((await ask(port, '/', { headers: { host: 'a.test' } })).status).toBe(502)
})

test('an answer that is cut short does not look complete', async () => {
  const length = await rawBackend(`HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${'A'.repeat(1_000)}`)
  const chunks = await rawBackend(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n${'A'.repeat(1_000)}\r\n`)
  const { port } = await expose([service('length', length.url), service('chunks', chunks.url)])
  expect(await ask(port, '/', { headers: { host: 'length.test' } })).toMatchObject({ status: 200, complete: false })
  expect(await ask(port, '/', { headers: { host: 'chunks.test' } })).toMatchObject({ status: 200, complete: false })
})

test('a silent backend is a 504, for every method, and is asked once', async () => {
  const backend = await rawBackend('', 'stay')
  const { port } = await expose([service('a', backend.url, { timeouts: { response: '300ms' } })])
  for (const method of ['GET', 'POST']) expect((await ask(port, '/', { method, headers: { host: 'a.test' } })).status).toBe(504)
  expect(backend.got.length).toBe(2)
})

test('what a backend says of itself stays behind the gateway', async () => {
  const backend = await rawBackend(
    (here) =>
      'HTTP/1.1 302 Found\r\nServer: nginx/1.2\r\nX-Powered-By: PHP\r\nX-AspNet-Version: 4\r\nVia: 1.1 inner\r\nConnection: X-Inner\r\nX-Inner: 1\r\nKeep-Alive: timeout=99\r\n' +
      `Set-Cookie: a=1; Domain=127.0.0.1\r\nSet-Cookie: b=2\r\nLocation: http://${here}/login\r\nContent-Location: http://${here}/cl\r\nRefresh: 0; url=http://${here}/r\r\nContent-Length: 0\r\n\r\n`,
  )
  const { port } = await expose([service('a', backend.url)])
  const { head } = await sendRaw(port, 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
  expect(head).toMatch(/^location: http:\/\/a\.test\/login$/im)
  expect(head.match(/^set-cookie: /gim)).toHaveLength(2)
  expect(head).not.toMatch(/nginx|PHP|aspnet|inner|timeout=99|127\.0\.0\.1/i)
})

test('a redirect to the public name with the backend’s own port, as nginx sends for a folder, leads back through the gateway', async () => {
  const backend = await rawBackend(
    (here) => `HTTP/1.1 301 Moved Permanently\r\nLocation: http://a.test:${here.split(':')[1]}/folder/\r\nContent-Length: 0\r\n\r\n`,
  )
  const { port } = await expose([
    service('a', backend.url),
    service('b', backend.url, { hosts: ['a.test'], path: '/app', stripPath: true }),
  ])
  const locations: (string | undefined)[] = []
  for (const path of ['/folder', '/app/folder'])
    locations.push((await ask(port, path, { headers: { host: `a.test:${port}` } })).headers.location)
  expect(locations).toEqual([`http://a.test:${port}/folder/`, `http://a.test:${port}/app/folder/`])
})

test('no Link of an answer names the backend’s address (features D14)', async () => {
  const backend = await rawBackend((here) => `HTTP/1.1 200 OK\r\nLink: <http://${here}/page/2>; rel=next\r\nContent-Length: 0\r\n\r\n`)
  const { port } = await expose([service('a', backend.url)])
  const { head } = await sendRaw(port, 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
  expect(head).toContain('/page/2>; rel=next')
  expect(head).not.toContain(backend.url)
})

test('header bytes beyond ASCII reach the client byte for byte: file names in Content-Disposition', async () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename="\xc3\xa9.txt"\r\nX-Latin: \xe9\r\n'
  const whole = await rawBackend(Buffer.from(`${head}Content-Length: 2\r\n\r\nok`, 'latin1'))
  const none = await rawBackend(Buffer.from(`${head}Content-Length: 0\r\n\r\n`, 'latin1'))
  const chunked = await rawBackend(Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`, 'latin1'))
  const { port } = await expose([service('whole', whole.url), service('none', none.url), service('chunked', chunked.url)])
  for (const host of ['whole', 'none', 'chunked']) {
    const { head: seen } = await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${host}.test\r\nConnection: close\r\n\r\n`)
    expect(seen, host).toContain('filename="\xc3\xa9.txt"')
    expect(seen, host).toContain('X-Latin: \xe9')
  }
})

test('an answer without a body says no length of one (RFC 9110 §8.6), and interim answers pass', async () => {
  const empty = await rawBackend('HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n')
  const early = await rawBackend(`HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${PLAIN_ANSWER}`)
  const { port } = await expose([service('empty', empty.url), service('early', early.url)])
  expect((await sendRaw(port, 'GET / HTTP/1.1\r\nHost: early.test\r\nConnection: close\r\n\r\n')).text).toMatch(
    /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 /i,
  )
  expect((await sendRaw(port, 'GET / HTTP/1.1\r\nHost: empty.test\r\nConnection: close\r\n\r\n')).head).not.toMatch(/content-length/i)
})

test('header rules cannot break the framing of messages: the document that tries is refused', async () => {
  const backend = await rawBackend(PLAIN_ANSWER)
  const { gateway } = await expose([service('a', backend.url)])
  for (const name of ['Content-Length', 'Transfer-Encoding', 'Connection']) {
    for (const way of ['request', 'response']) {
      const answer = await gateway.api('PUT', '/config', {
        version: 1,
        services: [{ id: 'a', backends: [{ id: 'main', url: backend.url }], headers: { [way]: { set: { [name]: '3' } } } }],
      })
      expect(answer.status, `${way} ${name}`).toBe(400)
      // A sentence that says what to do, not the schema library's own words.
      expect(await answer.text(), `${way} ${name}`).not.toMatch(/Invalid (key|input)/)
    }
  }
  expect((await statusOf(gateway)).revision).toBe('1')
})
