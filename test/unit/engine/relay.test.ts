import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { Intake } from '../../../proxy/engine/intake/intake'
import { failedWrite, readFirst } from '../../../proxy/engine/intake/read-first'
import { reset } from '../../../proxy/engine/intake/reset'
import { Progress } from '../../../proxy/engine/intake/unsent'
import { BytePipe, type PipeEnd, type PipeOver } from '../../../proxy/engine/relay/byte-pipe'
import { TimerWheel } from '../../../proxy/engine/time/timer-wheel'
import { SELF_SIGNED } from '../../support/self-signed'
import { until } from '../../support/until'

/** Two ends of a connection: `far` is who speaks, `near` the one that the pipe has. */
async function joined(): Promise<{ far: Socket; near: PipeEnd }> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined)
  const [socket] = (await once(server, 'connection')) as [Socket]
  server.close()
  onTestFinished(() => {
    far.destroy()
    socket.destroy()
  })
  const intake = new Intake()
  intake.listen(socket.on('error', () => undefined))
  return { far, near: { socket, intake } }
}

async function piped(times = { idle: 60_000, halfIdle: 60_000 }) {
  const [client, backend] = await Promise.all([joined(), joined()])
  const wheel = new TimerWheel()
  onTestFinished(() => wheel.stop())
  const ends: PipeOver[] = []
  const counted = { in: 0, out: 0 }
  const pipe = new BytePipe(client.near, backend.near, times, wheel, {
    onBytesIn: (count) => (counted.in += count),
    onBytesOut: (count) => (counted.out += count),
    onEnd: (over) => void ends.push(over),
  })
  return { client: client.far, backend: backend.far, near: [client.near.socket, backend.near.socket], pipe, ends, counted }
}

/** All that comes on a connection, and how it ended. */
function hear(socket: Socket): { text: () => string; bytes: () => Buffer; ended: () => boolean; broke: () => string | null } {
  const chunks: Buffer[] = []
  let ended = false
  let broke: string | null = null
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  socket.once('end', () => (ended = true))
  socket.once('error', (error: NodeJS.ErrnoException) => (broke = error.code ?? error.message))
  return { text: () => Buffer.concat(chunks).toString(), bytes: () => Buffer.concat(chunks), ended: () => ended, broke: () => broke }
}
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

test('a pipe passes what came before it stood, then what comes, and counts both', async () => {
  const { client, backend, pipe, counted } = await piped()
  const [atClient, atBackend] = [hear(client), hear(backend)]
  pipe.open(Buffer.from('early '), Buffer.from('rest '))
  client.write('up')
  backend.write('down')
  await until('both', () => atBackend.text() === 'early up' && atClient.text() === 'rest down')
  expect(counted).toEqual({ in: 8, out: 9 })
})

test('each half ends for itself; the pipe is over when both have, by whom ended first', async () => {
  const { client, backend, pipe, ends } = await piped()
  const [atClient, atBackend] = [hear(client), hear(backend)]
  pipe.open(Buffer.alloc(0))
  backend.end('last of the backend')
  await until('the end at the client', atClient.ended)
  client.write('still here')
  await until('it', () => atBackend.text() === 'still here')
  expect(ends).toEqual([])
  client.end()
  await until('the end', () => ends.length === 1)
  expect(ends).toEqual([{ by: 'backend', reason: null }])
})

test('a half that had ended before the pipe stood is passed on, too', async () => {
  const { client, backend, near, pipe } = await piped()
  const atBackend = hear(backend)
  near[0]?.resume()
  client.end()
  await until('the half to have ended', () => near[0]?.readableEnded)
  pipe.open(Buffer.from('all it said'))
  await until('the end at the backend', atBackend.ended)
  expect(atBackend.text()).toBe('all it said')
})

test('a side that does not read holds the other back, and gets everything in the end', async () => {
  const { client, backend, near, pipe } = await piped()
  pipe.open(Buffer.alloc(0))
  const bytes = randomBytes(24_000_000)
  backend.end(bytes)
  client.pause()
  await until('the backend to be held back', () => near[1]?.isPaused())
  expect((near[0]?.writableLength ?? 0) < 1_000_000).toBe(true)
  const atClient = hear(client)
  client.resume()
  await until('the end', atClient.ended)
  expect(sha(atClient.bytes())).toBe(sha(bytes))
})

test('a reset is passed on as one, and told as the doing of who made it', async () => {
  const { client, backend, pipe, ends } = await piped()
  const atBackend = hear(backend)
  pipe.open(Buffer.alloc(0))
  client.resetAndDestroy()
  await until('the backend to see it', () => atBackend.broke() !== null)
  expect([atBackend.broke(), ends]).toEqual(['ECONNRESET', [{ by: 'client', reason: 'the connection broke (ECONNRESET)' }]])
})

test('who is cut by the gateway is told so once, with the reason', async () => {
  const { client, pipe, ends } = await piped()
  const atClient = hear(client)
  pipe.open(Buffer.alloc(0))
  pipe.cut({ by: 'gateway', reason: 'the rules no longer let it in' })
  pipe.cut({ by: 'gateway', reason: 'again' })
  await until('the client to see it', () => atClient.broke() !== null)
  expect(ends).toEqual([{ by: 'gateway', reason: 'the rules no longer let it in' }])
})

test('nothing for too long ends it; less is enough where one half has ended', async () => {
  const silent = await piped({ idle: 300, halfIdle: 300 })
  silent.pipe.open(Buffer.alloc(0))
  const half = await piped({ idle: 60_000, halfIdle: 300 })
  half.pipe.open(Buffer.alloc(0))
  half.client.end()
  await until('both to end', () => silent.ends.length + half.ends.length === 2)
  expect([...silent.ends, ...half.ends].map(({ by }) => by)).toEqual(['gateway', 'gateway'])
})

test('last words are read before a write that failed is judged', async () => {
  const { far, near } = await joined()
  const { socket } = near
  readFirst(socket)
  const heard: string[] = []
  near.intake.sink = { onBytes: (buffer, end) => void heard.push(buffer.toString('latin1', 0, end)) }
  socket.write('never read')
  far.once('readable', () => undefined)
  // It says why and closes with bytes unread, which resets the connection; none of it has been read here yet.
  far.end('last words')
  await until('it to be sent', () => far.writableFinished)
  far.destroy()
  await once(far, 'close')
  socket.write('a')
  socket.write('b')
  await until('a write to fail', () => failedWrite(socket) !== undefined)
  expect([socket.destroyed, heard]).toEqual([false, []])
  socket.resume()
  await until('the last words', () => heard.join('') === 'last words')
})

test('a failed write is news where nothing can be read any more', async () => {
  const { far, near } = await joined()
  const { socket } = near
  readFirst(socket)
  socket.resume()
  far.end()
  await until('the end', () => socket.readableEnded)
  far.destroy()
  await once(far, 'close')
  const broke = once(socket, 'error')
  const more = setInterval(() => socket.write('x'), 5)
  onTestFinished(() => clearInterval(more))
  expect(((await broke) as [NodeJS.ErrnoException])[0].code).toMatch(/EPIPE|ECONNRESET/)
})

test('a connection with TLS, which cannot be reset, is closed instead', async () => {
  const server = createTlsServer(SELF_SIGNED).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const far = connectTls({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', rejectUnauthorized: false })
  far.on('error', () => undefined)
  const [socket] = (await once(server, 'secureConnection')) as [TLSSocket]
  reset(socket)
  expect(socket.destroyed).toBe(true)
  await once(far, 'close')
  reset(socket)
})

test('whoever takes anything at all makes progress; who takes nothing, or has nothing to take, makes none', () => {
  const progress = new Progress()
  progress.begin(100)
  expect([100, 99, 99, 40, 0].map((left) => progress.isMade(left))).toEqual([false, true, false, true, false])
})
