import { afterEach, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'

let gateway: Gateway
afterEach(() => gateway.stop())

// `new URL('http://xn--a')` throws: a name in a Host field that URL parsers refuse must not end the process.
test.each(['xn--a', 'xn--0.lan', 'a:'])(
  'a Host that URL parsers refuse gets its answer, redirects and cookies included: %s',
  async (host) => {
    const backend = await startBackend({
      handler: (_, response) => {
        response.writeHead(302, { Location: 'http://127.0.0.1:1/x', 'Set-Cookie': 'a=1; Domain=127.0.0.1' }).end()
      },
    })
    gateway = await startGateway()
    await gateway.serve({ id: 'one', backends: [{ id: 'main', url: backend.url }] })
    expect((await ask(gateway.port, '/', { headers: { host } })).status).toBe(302)
    const socket = await openRaw(
      gateway.port,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n`,
    )
    expect(await readUntil(socket, (text) => text.includes('\r\n\r\n'))).toContain(' 302 ')
    socket.destroy()
    await backend.stop()
  },
)
