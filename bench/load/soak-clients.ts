import { Agent, request, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { BIG_BYTES } from './soak-backend'
import { datagrams, stream } from './soak-streams'
import { FILE_BYTES, PASSWORD, type SoakPorts } from './soak-world'

/** What one kind of client does once; it fails where the answer is not the one to expect. */
export type Visit = (ports: SoakPorts) => Promise<void>

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const UPLOAD = Buffer.alloc(256 * 1024, 'u')
const MESSAGES = [1, 125, 126, 1_000, 65_536, 200_000]
const PATIENCE = 30_000

const get: Visit = ({ web: port }) => ask(port, { path: '/', agent }, undefined, (bytes) => bytes === 100)
const big: Visit = ({ web: port }) => ask(port, { path: '/big', agent }, undefined, (bytes) => bytes === BIG_BYTES)
const upload: Visit = ({ web: port }) =>
  ask(
    port,
    { path: '/upload', method: 'POST', agent, headers: { 'content-length': UPLOAD.length } },
    UPLOAD,
    (_bytes, text) => text === String(UPLOAD.length),
  )
const chunkedUpload: Visit = ({ web: port }) =>
  ask(
    port,
    { path: '/upload', method: 'POST', agent, headers: { 'transfer-encoding': 'chunked' } },
    UPLOAD,
    (_bytes, text) => text === String(UPLOAD.length),
  )
const newConnection: Visit = ({ web: port }) => ask(port, { path: '/', agent: false }, undefined, (bytes) => bytes === 100)

/** Reads some events of a stream without end, then leaves. */
const events: Visit = ({ web: port }) =>
  raw(port, 'GET /events HTTP/1.1\r\nHost: soak.test\r\n\r\n', (text) => text.split('data: tick').length > 5)
/** Leaves in the middle of a big answer. */
const abortedAnswer: Visit = ({ web: port }) => raw(port, 'GET /big HTTP/1.1\r\nHost: soak.test\r\n\r\n', (text) => text.length > 100_000)
/** Leaves in the middle of its own request. */
const abortedUpload: Visit = ({ web: port }) =>
  raw(port, `POST /upload HTTP/1.1\r\nHost: soak.test\r\nContent-Length: 1000000\r\n\r\n${'u'.repeat(50_000)}`, null)
/** Is refused, whatever comes behind it. */
const malformed: Visit = ({ web: port }) =>
  raw(port, 'GET / HTTP/1.1\r\nHost: soak.test\r\nX : y\r\n\r\nGET / HTTP/1.1\r\n\r\n', (text) => text.startsWith('HTTP/1.1 400'))
const pipelined: Visit = ({ web: port }) =>
  raw(port, 'GET / HTTP/1.1\r\nHost: soak.test\r\n\r\n'.repeat(8), (text) => text.split('HTTP/1.1 200').length === 9)

const file: Visit = ({ web: port }) =>
  ask(port, { path: '/page.bin', agent, headers: { host: 'files.test' } }, undefined, (bytes) => bytes === FILE_BYTES)
const range: Visit = ({ web: port }) =>
  ask(
    port,
    { path: '/page.bin', agent, headers: { host: 'files.test', range: 'bytes=1000-1999' } },
    undefined,
    (bytes) => bytes === 1_000,
    206,
  )
const listing: Visit = ({ web: port }) =>
  ask(port, { path: '/', agent, headers: { host: 'files.test' } }, undefined, (bytes) => bytes > 200)
const signedIn: Visit = ({ web: port }) =>
  ask(port, { path: '/', agent, auth: `anna:${PASSWORD}`, headers: { host: 'sign-in.test' } }, undefined, (bytes) => bytes === 100)
const notSignedIn: Visit = ({ web: port }) => ask(port, { path: '/', agent, headers: { host: 'sign-in.test' } }, undefined, () => true, 401)
const locked: Visit = ({ web: port }) =>
  ask(port, { path: '/locked', agent, headers: { host: 'locked.test' } }, undefined, (bytes) => bytes === 100)
const refused: Visit = ({ web: port }) => ask(port, { path: '/', agent, headers: { host: 'refused.test' } }, undefined, () => true, 403)
/** More than may run at once: some wait in line. */
const inLine: Visit = ({ web: port }) =>
  ask(port, { path: '/', agent: false, headers: { host: 'narrow.test' } }, undefined, (bytes) => bytes === 100)

function webSocket({ web: port }: SoakPorts): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    const sizes = [...MESSAGES]
    const patience = setTimeout(() => socket.terminate(), PATIENCE)
    socket.on('error', reject)
    socket.on('open', () => socket.send(Buffer.alloc(sizes[0] ?? 1, 'w')))
    socket.on('message', (data: Buffer) => {
      if (data.length !== sizes.shift()) reject(new Error(`an echo of ${data.length} bytes that was not sent`))
      if (sizes[0] === undefined) socket.close()
      else socket.send(Buffer.alloc(sizes[0], 'w'))
    })
    socket.on('close', () => {
      clearTimeout(patience)
      if (sizes.length === 0) resolve()
      else reject(new Error('a WebSocket was closed early'))
    })
  })
}

/** One kind of client. */
export interface Visitor {
  readonly name: string
  readonly visit: Visit
  /** How many of them come again and again. */
  readonly count: number
  /**
   * For how long each rests between two visits, in ms: without a rest, clients that leave at once ask for thousands of
   * connections a second, and what fails is the machine, out of ports that TIME_WAIT holds.
   */
  readonly rest: number
}

export const visitors: readonly Visitor[] = [
  { name: 'get', visit: get, count: 16, rest: 10 },
  { name: 'new connection', visit: newConnection, count: 2, rest: 20 },
  { name: 'pipelined', visit: pipelined, count: 2, rest: 20 },
  { name: 'big answer', visit: big, count: 2, rest: 50 },
  { name: 'upload', visit: upload, count: 2, rest: 20 },
  { name: 'chunked upload', visit: chunkedUpload, count: 2, rest: 20 },
  { name: 'events', visit: events, count: 8, rest: 0 },
  { name: 'WebSocket', visit: webSocket, count: 4, rest: 20 },
  { name: 'aborted answer', visit: abortedAnswer, count: 2, rest: 20 },
  { name: 'aborted upload', visit: abortedUpload, count: 2, rest: 20 },
  { name: 'malformed', visit: malformed, count: 1, rest: 20 },
  { name: 'in line', visit: inLine, count: 12, rest: 20 },
  { name: 'file', visit: file, count: 2, rest: 20 },
  { name: 'range', visit: range, count: 2, rest: 20 },
  { name: 'listing', visit: listing, count: 1, rest: 50 },
  { name: 'signed in', visit: signedIn, count: 2, rest: 20 },
  { name: 'not signed in', visit: notSignedIn, count: 1, rest: 50 },
  { name: 'locked down', visit: locked, count: 2, rest: 20 },
  { name: 'refused', visit: refused, count: 2, rest: 20 },
  { name: 'tcp', visit: stream, count: 4, rest: 20 },
  { name: 'udp', visit: datagrams, count: 4, rest: 50 },
]

export function closeClients(): void {
  agent.destroy()
}

function ask(
  port: number,
  options: RequestOptions,
  body: Buffer | undefined,
  right: (bytes: number, text: string) => boolean,
  status = 200,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, timeout: PATIENCE, ...options }, (response) => {
      let bytes = 0
      let text = ''
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (chunk.length < 20) text += chunk.toString('latin1')
      })
      response.on('error', reject)
      response.on('end', () =>
        response.statusCode === status && right(bytes, text)
          ? resolve()
          : reject(new Error(`${options.path ?? ''} was answered ${response.statusCode ?? 0}, not ${status}, with ${bytes} bytes`)),
      )
    })
    asked.on('timeout', () => asked.destroy(new Error(`${options.path ?? ''} was not answered in time`)))
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Sends bytes and leaves without a word once it has seen enough; `null`: as soon as they are sent. */
function raw(port: number, message: string, enough: ((text: string) => boolean) | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let text = ''
    let done = false
    socket.setTimeout(PATIENCE, () => socket.destroy())
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (enough?.(text) === true) leave()
    })
    socket.on('close', () => (done ? resolve() : reject(new Error(`${message.slice(0, 20)}… ended after ${text.slice(0, 40)}`))))
    socket.write(message, 'latin1', () => enough === null && leave())
    function leave(): void {
      done = true
      socket.destroy()
    }
  })
}
