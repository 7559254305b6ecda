import { request } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { startSse } from '../../support/stream-servers'
import { until } from '../../support/until'

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.stop())

test('an answer that begins before the upload has ended is not cut by the time an answer may take to begin', async () => {
  const backendIs = { finish: (): void => expect.fail('nobody was asked') }
  let uploaded = false
  const backend = await startBackend({
    handler: (received, response) => {
      if (received.url === '/silent') return
      response.writeHead(200).write('first ')
      received.on('end', () => (uploaded = true)).resume()
      backendIs.finish = () => void response.end('last')
    },
  })
  await gateway.serve({ id: 'one', timeouts: { response: '200ms' }, backends: [{ id: 'main', url: backend.url }] })
  let text = ''
  let ended = false
  const asked = request({ host: '127.0.0.1', port: gateway.port, method: 'POST', path: '/' }, (answer) => {
    answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
    answer.on('error', () => (ended = true))
    answer.on('end', () => (ended = true))
  })
  asked.on('error', () => (ended = true))
  asked.write('some')
  await until('the answer to begin', () => text === 'first ')
  asked.end('more')
  await until('the upload to have ended', () => uploaded)
  // One that is asked later and never begins is given up: the time of the first would be over as well.
  expect((await ask(gateway.port, '/silent')).status).toBe(504)
  backendIs.finish()
  await until('the answer to end', () => ended)
  expect(text).toBe('first last')
  await backend.stop()
})

test('an event stream may be silent for the longest time that can be set', async () => {
  const sse = await startSse()
  const backends = [{ id: 'main', url: sse.url }]
  await gateway.serve(
    { id: 'one', hosts: ['long.test'], timeouts: { tunnel: '30d' }, backends },
    { id: 'two', hosts: ['short.test'], timeouts: { tunnel: '1s' }, backends },
  )
  const open = async (host: string): Promise<Socket> => {
    const socket = await openRaw(gateway.port, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    await readUntil(socket, (text) => text.includes('\r\n\r\n'))
    return socket
  }
  const [socket, short] = [await open('long.test'), await open('short.test')]
  await until('one that may be silent for a second to be cut', () => short.destroyed || short.readableEnded)
  sse.send('still here')
  expect(await readUntil(socket, (text) => text.includes('still here'))).toContain('still here')
  socket.destroy()
  await sse.stop()
})

test('an upload that goes over the limit after its answer has begun is cut, and logged with the status that the client got', async () => {
  const backend = await startBackend({
    handler: (received, response) => {
      received.resume()
      response.writeHead(202).write('first ')
    },
  })
  await gateway.serve({ id: 'one', maxBody: '1KB', backends: [{ id: 'main', url: backend.url }] })
  const socket = await openRaw(gateway.port, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n')
  await readUntil(socket, (text) => text.includes('first'))
  socket.write(`800\r\n${'x'.repeat(2_048)}\r\n`)
  await until('the connection to be cut', () => socket.destroyed)
  expect((await gateway.rows())[0]).toMatchObject({ status: 202, error: 'AR_BODY_TOO_LARGE', endedBy: 'gateway' })
  await backend.stop()
})
