import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil, sendRaw } from '../../support/raw-client'
import { scriptedBackend, type ScriptedBackend } from '../../support/scripted-backend'
import { until } from '../../support/until'

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.stop())

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
function head(method: string, upgrade: string, more = ''): string {
  return `${method} /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n${more}\r\n`
}
const taken = (protocol: string): string => `HTTP/1.1 101 Taken\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`

/** A backend that gives this answer, and sends back in capitals what comes behind the request. */
async function serve(answer: string, timeouts = {}): Promise<ScriptedBackend> {
  const backend = await scriptedBackend((socket) => {
    socket.write(answer)
    socket.on('data', (chunk) => void socket.write(chunk.toString().toUpperCase()))
  })
  await gateway.serve({
    id: 'one',
    health: { type: 'off' },
    retry: { attempts: 0 },
    timeouts,
    backends: [{ id: 'main', url: backend.url }],
  })
  return backend
}

describe('a backend may switch to whatever a client offers', () => {
  test.each([
    ['POST', 'tailscale-control-protocol', 'tailscale-control-protocol', 'tailscale-control-protocol'],
    ['GET', 'DERP', 'DERP', 'DERP'],
    ['POST', 'tcp', 'tcp', 'tcp'],
    ['POST', 'SPDY/3.1', 'SPDY/3.1', 'SPDY/3.1'],
    ['GET', 'proxmox-backup-protocol-v1', 'proxmox-backup-protocol-v1', 'proxmox-backup-protocol-v1'],
    ['GET', 'websocket, websocket', 'websocket', 'WebSocket'],
    ['GET', 'websocket\r\nUpgrade: websocket', 'websocket', 'websocket'],
    ['GET', 'h2c, WebSocket, TLS/1.3, foo/2', 'WebSocket, foo/2', 'foo/2'],
  ])('%s with Upgrade: %s is told as %s and switches to %s', async (method, offer, told, protocol) => {
    const backend = await serve(taken(protocol))
    const socket = await openRaw(gateway.port, `${head(method, offer)}early `)
    expect(await readUntil(socket, (text) => text.endsWith('EARLY '))).toContain(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n`,
    )
    socket.write('late')
    expect(await readUntil(socket, (text) => text.endsWith('LATE'))).toBe('LATE')
    expect(backend.got[0]).toContain(`\r\nConnection: Upgrade\r\nUpgrade: ${told}\r\n\r\nearly late`)
    socket.destroy()
    await until('the row', async () => (await gateway.rows())[0]?.status === 101)
    expect((await gateway.rows())[0]).toMatchObject({ method, bytesIn: 10, bytesOut: 10, error: null })
  })

  test('after the whole body of its request', async () => {
    const backend = await scriptedBackend((socket) => {
      const answer = (): void => void (backend.got[0]?.endsWith('hello') === true && socket.write(`${taken('tcp')}there`))
      socket.on('data', answer)
    })
    await gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url: backend.url }] })
    const socket = await openRaw(gateway.port, `${head('POST', 'tcp', 'Content-Length: 5\r\n')}hel`)
    await until('the first piece', () => backend.got[0]?.endsWith('hel'))
    socket.write('lo')
    expect(await readUntil(socket, (text) => text.endsWith('there'))).toContain('101 Switching Protocols')
    socket.write('raw bytes')
    await until('what follows', () => backend.got[0]?.endsWith('helloraw bytes'))
    socket.destroy()
  })

  test('within the service’s time-out for tunnels', async () => {
    await serve(taken('DERP'), { tunnel: '1s' })
    expect((await sendRaw(gateway.port, head('GET', 'DERP'))).status).toBe(101)
  })

  test('or answer as if nothing had been offered; then the connection is closed', async () => {
    const backend = await serve(OK)
    const { text } = await sendRaw(gateway.port, `${head('POST', 'tcp')}GET /y HTTP/1.1\r\nHost: a\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 200[^]*\r\nConnection: close\r\n[^]*ok$/)
    expect(backend.got.join()).not.toContain('/y')
  })
})

describe('what would carry requests past the rules is not offered on', () => {
  test.each(['h2c', 'H2C', 'h2', 'h2c-16', 'HTTP/2.0', 'http/3', 'HTTP/1.1', 'TLS/1.0', 'tls/1.3', 'TLS', ', ;', 'h2c, HTTP/2.0, TLS/1.2'])(
    '%s',
    async (offer) => {
      const backend = await serve(OK)
      const socket = await openRaw(gateway.port, head('POST', offer))
      expect(await readUntil(socket, (text) => text.endsWith('ok'))).not.toMatch(/connection: close/i)
      socket.destroy()
      expect(backend.got[0]).not.toMatch(/\r\n(?:upgrade|connection):/i)
    },
  )

  test.each([
    ['unasked', 'GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', taken('websocket')],
    ['to what was not offered', head('GET', 'websocket'), taken('DERP')],
    ['to what was offered and taken out', head('GET', 'h2c, websocket'), taken('h2c')],
    ['to no protocol', head('GET', 'websocket'), 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n'],
    ['to two, one of which was not offered', head('GET', 'websocket'), taken('websocket, h2c')],
    ['before the request’s body has come', head('POST', 'tcp', 'Content-Length: 5\r\n'), taken('tcp')],
  ])('a backend that switches %s is answered for with 502', async (_, message, answer) => {
    await serve(answer)
    expect((await sendRaw(gateway.port, message)).status).toBe(502)
    expect((await gateway.rows())[0]).toMatchObject({ error: 'AR_BACKEND_FAILED', backend: 'main' })
  })
})
