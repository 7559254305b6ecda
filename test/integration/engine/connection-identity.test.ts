import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { SELF_SIGNED } from '../../support/self-signed'

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.stop())

/**
 * A server that signs in connections, as IIS does (RFC 4559 §6, MS-NTHT): a bare request on a connection on which somebody has
 * signed in is that person's.
 */
async function integratedSignIn(scheme: 'NTLM' | 'Negotiate', secure = false): Promise<string> {
  const sockets = new Set<Socket>()
  const onSocket = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    let person = ''
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
        if (text.length < end + 4 + length) return
        text = text.slice(end + 4 + length)
        const token = new RegExp(`^authorization: ${scheme} (.*)$`, 'im').exec(head)?.[1]
        if (token?.startsWith('proof-of-') === true) person = token.slice('proof-of-'.length)
        const answer = person === '' ? `who?` : `hello ${person}`
        const challenge = token === 'hello' ? `${scheme} challenge` : scheme
        socket.write(
          `HTTP/1.1 ${person === '' ? `401 Unauthorized\r\nWWW-Authenticate: Basic realm="x", ${challenge}` : '200 OK'}\r\nContent-Length: ${answer.length}\r\n\r\n${answer}`,
        )
      }
    })
  }
  const server = secure ? createTlsServer(SELF_SIGNED, onSocket) : createServer(onSocket)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http${secure ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Sends one request on a client's connection and gives the answer's body. */
async function say(socket: Socket, method: string, authorization = '', body = '', more = ''): Promise<string> {
  const answer = readUntil(socket, (text) => {
    const [head = '', rest = ''] = text.split('\r\n\r\n')
    return rest.length >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
  })
  const credential = authorization === '' ? '' : `Authorization: ${authorization}\r\n`
  socket.write(
    `${method} / HTTP/1.1\r\nHost: a\r\n${more}${credential}${method === 'POST' ? `Content-Length: ${body.length}\r\n` : ''}\r\n${body}`,
  )
  return (await answer).split('\r\n\r\n')[1] ?? ''
}

test.each(['NTLM', 'Negotiate'] as const)(
  'who signs in by %s is known on later requests of any method, and nobody else is taken for them',
  async (scheme) => {
    const url = await integratedSignIn(scheme)
    await gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url }] })
    const anna = await openRaw(gateway.port)
    expect(await say(anna, 'GET')).toBe('who?')
    // The three legs of the handshake go over one connection, whatever the method.
    expect(await say(anna, 'POST', `${scheme} hello`)).toBe('who?')
    expect(await say(anna, 'POST', `${scheme} proof-of-anna`, 'data')).toBe('hello anna')
    const bert = await openRaw(gateway.port)
    expect(await say(bert, 'GET')).toBe('who?')
    expect(await say(anna, 'GET')).toBe('hello anna')
    expect(await say(anna, 'POST', '', 'more')).toBe('hello anna')
    expect(await say(anna, 'PUT')).toBe('hello anna')
    expect(await say(bert, 'POST', `${scheme} proof-of-bert`)).toBe('hello bert')
    expect(await say(anna, 'GET')).toBe('hello anna')
    // Once anna is gone, her connection serves nobody.
    anna.destroy()
    const third = await openRaw(gateway.port)
    for (let n = 0; n < 3; n++) expect(await say(third, 'GET')).toBe('who?')
    for (const socket of [bert, third]) socket.destroy()
  },
)

test('a client that is known by its connection stays with that backend while others take turns', async () => {
  const [first, second] = [await integratedSignIn('NTLM'), await integratedSignIn('NTLM')]
  const backends = [
    { id: 'a', url: first },
    { id: 'b', url: second },
  ]
  await gateway.serve({ id: 'one', health: { type: 'off' }, backends })
  const anna = await openRaw(gateway.port)
  await say(anna, 'GET', 'NTLM proof-of-anna')
  for (let n = 0; n < 4; n++) expect(await say(anna, 'GET')).toBe('hello anna')
  anna.destroy()
})

test('of the clients that a trusted proxy brings over one connection, nobody is taken for the one who signed in', async () => {
  const url = await integratedSignIn('NTLM')
  await gateway.load({
    version: 1,
    settings: { trustedProxies: ['127.0.0.1'] },
    listeners: [{ id: 'web', address: '127.0.0.1', port: gateway.port }],
    services: [{ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url }] }],
  })
  const front = await openRaw(gateway.port)
  const [anna, bert] = ['X-Forwarded-For: 192.0.2.1\r\n', 'X-Forwarded-For: 192.0.2.2\r\n']
  expect(await say(front, 'GET', 'NTLM proof-of-anna', '', anna)).toBe('hello anna')
  expect(await say(front, 'POST', '', 'more', anna)).toBe('hello anna')
  expect(await say(front, 'GET', '', '', bert)).toBe('who?')
  expect(await say(front, 'POST', '', 'more', bert)).toBe('who?')
  front.destroy()
})

test('once certificates are checked again, the connection on which somebody signed in before is not used either', async () => {
  const url = await integratedSignIn('NTLM', true)
  const serve = (verify: boolean): Promise<void> =>
    gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url, tls: { verify } }] })
  await serve(false)
  const anna = await openRaw(gateway.port)
  expect(await say(anna, 'GET', 'NTLM proof-of-anna')).toBe('hello anna')
  expect(await say(anna, 'GET')).toBe('hello anna')
  await serve(true)
  expect(await say(anna, 'GET')).not.toContain('anna')
  expect((await gateway.rows())[0]).toMatchObject({ status: 502, error: 'AR_BACKEND_FAILED' })
  anna.destroy()
})
