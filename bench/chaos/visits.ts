import { createHash, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { Agent } from 'node:http'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { ask, type Question } from './ask'
import { FILE_HASH } from './hosted-file'
import { GATEWAY, PASSWORD, TCP_PORT, UDP_PORT, VISITOR, WEB_PORT } from './places'
import { pause } from './processes'

/** One kind of client: what it does once (it fails where that is not answered as it should be), how many there are, how they rest. */
export interface Visitor {
  readonly name: string
  readonly visit: () => Promise<void>
  readonly count: number
  readonly rest: number
}

const PATIENCE = 30_000
const UPLOAD = randomBytes(256 * 1024)
const UPLOAD_HASH = hashOf(UPLOAD)
const STREAM = randomBytes(200_000)
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export const visitors: readonly Visitor[] = [
  { name: 'keep-alive', visit: () => whole({ host: 'far.test', agent }), count: 8, rest: 25 },
  { name: 'new connection', visit: () => whole({ host: 'far.test' }), count: 2, rest: 50 },
  { name: 'near', visit: () => whole({ host: 'near.test', agent }), count: 2, rest: 50 },
  { name: 'download', visit: () => whole({ host: 'far.test', path: '/big', agent }), count: 2, rest: 100 },
  { name: 'slow answer', visit: () => whole({ host: 'near.test', path: '/slow', agent }), count: 3, rest: 50 },
  { name: 'upload', visit: () => upload({ 'content-length': UPLOAD.length }), count: 2, rest: 100 },
  { name: 'chunked upload', visit: () => upload({ 'transfer-encoding': 'chunked' }), count: 1, rest: 100 },
  { name: 'file', visit: () => file(), count: 2, rest: 50 },
  { name: 'signed in', visit: () => whole({ host: 'sign-in.test', auth: `anna:${PASSWORD}`, agent }), count: 1, rest: 50 },
  { name: 'not signed in', visit: () => status({ host: 'sign-in.test', agent }, 401), count: 1, rest: 100 },
  { name: 'WebSocket', visit: () => webSocket(20), count: 4, rest: 50 },
  { name: 'tcp', visit: stream, count: 2, rest: 50 },
  { name: 'udp', visit: datagrams, count: 2, rest: 50 },
]

export function closeVisitors(): void {
  agent.destroy()
}

async function whole(question: Question): Promise<void> {
  const reply = await ask(question)
  if (reply.status !== 200) throw new Error(`answered ${reply.status}`)
  if (reply.hash !== reply.headers['x-hash']) throw new Error(`other bytes than were sent`)
}

async function upload(headers: Record<string, string | number>): Promise<void> {
  const reply = await ask({ host: 'far.test', path: '/upload', method: 'POST', headers, body: UPLOAD, agent })
  if (reply.status !== 200) throw new Error(`answered ${reply.status}`)
  // The answer is the hash of what the backend got, 64 characters; its own hash says whether they are the right ones.
  if (reply.hash !== hashOf(Buffer.from(UPLOAD_HASH))) throw new Error('other bytes arrived than were sent')
}

async function file(): Promise<void> {
  const reply = await ask({ host: 'files.test', path: '/page.bin', agent })
  if (reply.status !== 200) throw new Error(`answered ${reply.status}`)
  if (reply.hash !== FILE_HASH) throw new Error('another file than is there')
}

async function status(question: Question, expected: number): Promise<void> {
  const reply = await ask(question)
  if (reply.status !== expected) throw new Error(`answered ${reply.status}`)
}

/** Some messages there and back, with a rest between them, so that it is open for some seconds. */
function webSocket(messages: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${GATEWAY}:${WEB_PORT}/ws`, { localAddress: VISITOR, headers: { host: 'far.test' } })
    let sent = randomBytes(1)
    let left = messages
    const patience = setTimeout(() => socket.terminate(), PATIENCE)
    const say = (): void => {
      sent = randomBytes(1 + Math.floor(Math.random() * 4_000))
      socket.send(sent)
    }
    socket.on('error', reject)
    socket.on('open', say)
    socket.on('message', (data: Buffer) => {
      if (!data.equals(sent)) reject(new Error('an echo of something else'))
      left -= 1
      if (left === 0) socket.close()
      else void pause(100).then(() => socket.readyState === WebSocket.OPEN && say())
    })
    socket.on('close', () => {
      clearTimeout(patience)
      if (left === 0) resolve()
      else reject(new Error('a WebSocket was closed early'))
    })
  })
}

/** Sends bytes to a machine that sends them back, ends its half, and leaves when all have come. */
function stream(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: TCP_PORT, host: GATEWAY, localAddress: VISITOR })
    const hash = createHash('sha256')
    let bytes = 0
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('a stream fell silent')))
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      bytes += chunk.length
      hash.update(chunk)
    })
    socket.on('close', () => {
      if (bytes < STREAM.length) reject(new Error('a stream ended early'))
      else if (hash.digest('hex') === hashOf(STREAM)) resolve()
      else reject(new Error('other bytes came back'))
    })
    socket.end(STREAM)
  })
}

/** Sends datagrams, each after the answer to the one before, and each again where none comes: datagrams may be lost anywhere. */
function datagrams(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    let number = 0
    const finish = (error: Error | null): void => {
      clearTimeout(patience)
      clearInterval(again)
      socket.close()
      if (error === null) resolve()
      else reject(error)
    }
    const say = (): void => socket.send(`ping ${number}`)
    const patience = setTimeout(() => finish(new Error('datagrams were not answered')), PATIENCE)
    const again = setInterval(say, 1_000)
    // A refused datagram is told on a connected socket; the next one may be taken.
    socket.on('error', () => undefined)
    socket.on('message', (bytes) => {
      if (bytes.toString() !== `ping ${number}`) return
      number += 1
      if (number === 20) finish(null)
      else say()
    })
    socket.bind(0, VISITOR, () => socket.connect(UDP_PORT, GATEWAY, say))
  })
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
