import { expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { held } from '../../support/collected'
import { type Gateway, startGateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { tcpServer } from '../../support/tcp-gateway'

const REQUESTS = 500
/** Almost as large as a head may be. */
const FILLING = Array.from({ length: 30 }, (_, at) => `X-Filling-${at}: ${'y'.repeat(1_000)}\r\n`).join('')
/** A row of the log with all that stands in it, many times over; a head is thirty times as large. */
const MOST_EACH = 4_000

async function started(more: Partial<ServiceDocument>, settings = {}): Promise<Gateway> {
  const backend = await tcpServer((socket) =>
    socket.on(
      'data',
      (chunk) => chunk.toString('latin1').endsWith('\r\n\r\n') && socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere'),
    ),
  )
  const gateway = await startGateway({ settings })
  onTestFinished(() => gateway.stop())
  await gateway.serve({ id: 'app', backends: [{ id: 'main', url: `http://127.0.0.1:${backend.port}` }], health: { type: 'off' }, ...more })
  return gateway
}

/** Sends requests one after the other, each with a head of its own, and gives what the gateway holds afterwards for each. */
async function keptOf(gateway: Gateway, headOf: (nth: number) => string, answer = 'HTTP/1.1 '): Promise<number> {
  const ask = async (count: number): Promise<void> => {
    for (let nth = 0; nth < count; nth++) {
      const socket = await openRaw(gateway.port, headOf(nth))
      await readUntil(socket, (text) => answer !== '' && text.includes(answer) && text.includes('\r\n\r\n'))
      socket.destroy()
    }
  }
  // What is made once is there before it is counted.
  await ask(50)
  const before = held()
  await ask(REQUESTS)
  return (held() - before) / REQUESTS
}

const ways: Record<string, { more?: Partial<ServiceDocument>; settings?: object; head: (nth: number) => string; answer?: string }> = {
  'that are answered': { head: (nth) => `GET /a-path-of-its-own/${nth}?secret HTTP/1.1\r\nHost: shop.example\r\n${FILLING}\r\n` },
  'for many hosts': { head: (nth) => `GET / HTTP/1.1\r\nHost: a-host-of-its-own-${nth}.example\r\n${FILLING}\r\n` },
  'for many hosts in an absolute target': {
    head: (nth) => `GET http://a-host-of-its-own-${nth}.example/and-a-path/${nth} HTTP/1.1\r\nHost: shop.example\r\n${FILLING}\r\n`,
  },
  'that the rules refuse': {
    more: { access: { rules: [], default: 'deny' } },
    head: (nth) => `GET /a-path-of-its-own/${nth} HTTP/1.1\r\nHost: shop.example\r\n${FILLING}\r\n`,
  },
  'with a long query': {
    head: (nth) => `GET /a-path-of-its-own/${nth}?${'q'.repeat(30_000)} HTTP/1.1\r\nHost: shop.example\r\n\r\n`,
  },
  'that a trusted proxy brings for many clients': {
    settings: { trustedProxies: ['127.0.0.1'] },
    head: (nth) =>
      `GET / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: 2001:db8:1234:5678:9abc:def0:1234:${nth.toString(16)}\r\n${FILLING}\r\n`,
  },
  'of a method that is not passed on': { head: () => `TRACE /a-path-of-its-own HTTP/1.1\r\nHost: shop.example\r\n${FILLING}\r\n` },
  'of a long method of their own': { head: (nth) => `A-METHOD-OF-ITS-OWN-${nth} / HTTP/1.1\r\nHost: shop.example\r\n${FILLING}\r\n` },
  'that are malformed': { head: (nth) => `GET / HTTP/1.1\r\nHost: shop.example\r\n${FILLING}no colon in this line ${nth}\r\n\r\n` },
  'with a cookie and a password': {
    more: { basicAuth: { users: [{ name: 'anna', hash: `scrypt$16384$8$1$${'A'.repeat(22)}==$${'A'.repeat(43)}=` }] } },
    head: (nth) =>
      `GET /a-path-of-its-own/${nth} HTTP/1.1\r\nHost: shop.example\r\nCookie: a-long-name=${nth}\r\nAuthorization: Bearer ${nth}\r\n${FILLING}\r\n`,
  },
}

test.each(Object.entries(ways))(
  'of requests %s no more is remembered than is shown of them',
  async (_, { more, settings, head, answer }) => {
    const gateway = await started(more ?? {}, settings)
    expect(await keptOf(gateway, head, answer)).toBeLessThan(MOST_EACH)
  },
)

test('a client that waits for its next request costs what it did before the last one, however large that was', async () => {
  const gateway = await started({}, { limits: { connectionsPerClient: 10_000 } })
  const sockets = await Promise.all(Array.from({ length: 300 }, () => openRaw(gateway.port)))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const ask = async (fields: string): Promise<number> => {
    for (const socket of sockets) {
      socket.write(`GET /a-path-of-its-own HTTP/1.1\r\nHost: shop.example\r\n${fields}\r\n`)
      await readUntil(socket, (text) => text.includes('here'))
    }
    return held()
  }
  const before = await ask('')
  expect(((await ask(FILLING)) - before) / sockets.length).toBeLessThan(8_000)
})
