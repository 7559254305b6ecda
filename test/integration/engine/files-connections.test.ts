import { expect, test } from 'vitest'
import { hostFolder } from '../../support/hosted-folder'
import { openRaw, readUntil, sendRaw } from '../../support/raw-client'

const get = (target: string, more = '', method = 'GET'): string => `${method} ${target} HTTP/1.1\r\nHost: a\r\n${more}\r\n`

test('hundreds of files come one after the other on one connection', async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${index}.txt`, `<file ${index}>`.repeat(index)]))
  const { gateway, port } = await hostFolder(files)
  const socket = await openRaw(port)
  for (let index = 0; index < 300; index++) {
    const body = `<file ${index}>`.repeat(index)
    const answer = readUntil(socket, (text) => text.length >= text.indexOf('\r\n\r\n') + 4 + body.length && text.includes('\r\n\r\n'))
    socket.write(get(`/${index}.txt`))
    const text = await answer
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(body)
  }
  expect((await gateway.status()).listeners[0]).toMatchObject({ connections: 1 })
  socket.destroy()
})

test('requests that were sent at once are answered in their order, of whatever kind they are', async () => {
  const { port } = await hostFolder(
    { 'big.bin': 'B'.repeat(700_000), 'small.txt': 'small', 'sub/index.html': 'page', 'list/x': '' },
    { listing: true },
  )
  const targets = ['/big.bin', '/none', '/small.txt', '/sub', '/sub/', '/list/', '/big.bin', '/.hidden', '/small.txt']
  const socket = await openRaw(
    port,
    targets.map((target) => get(target)).join('') + get('/small.txt', '', 'HEAD') + get('/last', 'Connection: close\r\n'),
  )
  const text = await readUntil(socket, () => false)
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(
    [200, 404, 200, 308, 200, 200, 200, 404, 200, 200, 404].map((status) => `HTTP/1.1 ${status}`),
  )
  expect(text.match(/B{700000}/g)).toHaveLength(2)
})

test('a body that comes with a GET is dropped, and the next request is understood', async () => {
  const { port } = await hostFolder({ 'a.txt': 'first', 'b.txt': 'second' })
  for (const body of ['Content-Length: 5\r\n\r\nhello', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n']) {
    const socket = await openRaw(port, `GET /a.txt HTTP/1.1\r\nHost: a\r\n${body}${get('/b.txt', 'Connection: close\r\n')}`)
    const text = await readUntil(socket, () => false)
    expect(text.match(/first|second|HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'first', 'HTTP/1.1 200', 'second'])
  }
})

test('a body that is no HTTP ends the connection after the answer', async () => {
  const { port } = await hostFolder({ 'a.txt': 'first' })
  const socket = await openRaw(port, `GET /a.txt HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n${get('/a.txt')}`)
  const text = await readUntil(socket, () => false)
  expect(text.match(/HTTP\/1\.1 \d+/g)?.length).toBeLessThanOrEqual(1)
})

test('a client of HTTP/1.0 gets files, too', async () => {
  const { port } = await hostFolder({ 'a.txt': 'old but whole' })
  const { status, body } = await sendRaw(port, 'GET /a.txt HTTP/1.0\r\n\r\n')
  expect([status, body]).toEqual([200, 'old but whole'])
})
