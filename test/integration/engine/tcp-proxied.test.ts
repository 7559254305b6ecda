import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { type GatewayOptions } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { accepting, at, echo, readAll, serveTcp, tcp, tcpServer } from '../../support/tcp-gateway'
import { until } from '../../support/until'

/** The fixed part of a v2 header; what follows are addresses and ports. */
const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'

test.each([
  ['v1', 'PROXY UNKNOWN\r\n', 'PROXY TCP4 127.0.0.1 127.0.0.1 '],
  ['v2', `${SIGNATURE}\x20\0\0\0`, `${SIGNATURE}\x21\x11\0\x0c\x7f\0\0\x01\x7f\0\0\x01`],
] as const)(
  'with PROXY protocol %s the backend is told who the client is, once and first, and checks send a header, too',
  async (version, check, begins) => {
    const heard: string[] = []
    const backend = await tcpServer((socket) => {
      const chunks: Buffer[] = []
      socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
      socket.once('end', () => {
        heard.push(Buffer.concat(chunks).toString('latin1'))
        socket.end()
      })
      socket.once('close', () => socket.readableEnded || heard.push(Buffer.concat(chunks).toString('latin1')))
    })
    const { port } = await serveTcp([
      tcp([{ id: 'pc', url: backend.url }], { health: { type: 'tcp' }, lockdown: { proxyProtocol: version } }),
    ])
    await until('a check', () => heard.length === 1)
    expect(heard[0]).toBe(check)
    const client = await openRaw(port)
    client.end('hello')
    await until('the connection', () => heard.length === 2)
    expect(heard[1]?.startsWith(begins)).toBe(true)
    // Ports follow as text with a line end, or in four bytes.
    expect(heard[1]?.slice(begins.length)).toMatch(version === 'v1' ? /^\d+ \d+\r\nhello$/ : /^[^]{4}hello$/)
  },
)

test('a trusted proxy in front says who the client is; the rules and the backend go by that', async () => {
  const backend = await echo()
  const { gateway, port } = await serveTcp(
    [tcp([{ id: 'pc', url: backend.url }], { access: { rules: [{ action: 'allow', from: '203.0.113.7' }], default: 'deny' } })],
    { proxyProtocol: true },
  )
  const proxied = await openRaw(port, 'PROXY TCP4 203.0.113.7 198.51.100.1 4000 22\r\nhi', '127.0.0.1', '127.0.0.9')
  expect(String((await once(proxied, 'data'))[0])).toBe('hi')
  proxied.destroy()
  expect(await readAll(await openRaw(port, 'PROXY TCP4 203.0.113.8 198.51.100.1 4000 22\r\nhi', '127.0.0.1', '127.0.0.9'))).toBe('')
  expect(await readAll(await openRaw(port, 'PROXY TCP4 203.0.113.7 198.51.100.1 4000 22\r\nhi', '127.0.0.1', '127.0.0.2'))).toBeFalsy()
  expect(await readAll(await openRaw(port, 'hello, I am no proxy', '127.0.0.1', '127.0.0.9'))).toBeFalsy()
  const reasons = (await gateway.rows()).map(({ reason }) => reason)
  expect(reasons).toEqual(
    expect.arrayContaining([
      '127.0.0.2: it is no trusted proxy, and this port takes PROXY headers only',
      '127.0.0.9: no valid PROXY header came',
    ]),
  )
})

test('behind a proxy that names the client, the backend’s header has no port that is not the client’s', async () => {
  const heard: string[] = []
  const own = await accepting(
    createServer((socket) => void socket.on('error', () => undefined).on('data', (bytes: Buffer) => void heard.push(bytes.toString()))),
  )
  const { port } = await serveTcp([tcp([at('pc', own)], { lockdown: { proxyProtocol: 'v1' } })], { proxyProtocol: true })
  const proxied = await openRaw(port, 'PROXY TCP4 203.0.113.7 198.51.100.1 4000 22\r\nhi', '127.0.0.1', '127.0.0.9')
  await until('all of it', () => heard.join('').endsWith('hi'))
  expect(heard.join('')).toBe(`PROXY TCP4 203.0.113.7 127.0.0.1 0 ${port}\r\nhi`)
  proxied.destroy()
})

test('what a proxied client sends while its backend is looked for is not lost', async () => {
  const own = await accepting(createServer((socket) => void socket.on('error', () => undefined).pipe(socket)))
  const asked: (() => void)[] = []
  const lookup: GatewayOptions['lookup'] = (_host, _options, done) =>
    void asked.push(() => done(null, [{ address: '127.0.0.1', family: 4 }]))
  const { port } = await serveTcp([tcp([{ id: 'pc', url: `tcp://pc.test:${own}` }])], { lookup, proxyProtocol: true })
  const proxied = await openRaw(port, 'PROXY TCP4 203.0.113.7 198.51.100.1 4000 22\r\n', '127.0.0.1', '127.0.0.9')
  await until('the question', () => asked.length === 1)
  await new Promise((resolve) => void proxied.write('not lost', resolve))
  // Once somebody else’s bytes have gone and come, these have come, too.
  expect(await readUntil(await openRaw(own, 'x'), (text) => text === 'x')).toBe('x')
  asked[0]?.()
  expect(await readUntil(proxied, (text) => text.endsWith('lost'))).toBe('not lost')
  proxied.destroy()
})
