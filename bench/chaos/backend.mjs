// `node backend.mjs ADDRESS`: a backend of the chaos run as a process of its own, so that it can be killed and stopped:
// HTTP and WebSocket on port 80, a TCP echo on 7, a UDP echo on 8. SIGUSR2: it resets every connection, and again: no more.
import { createHash, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import process from 'node:process'
import { WebSocketServer } from 'ws'

const address = process.argv[2] ?? '127.0.0.1'
const PIECES = randomBytes(4 * 1024 * 1024)
const BIG = 1024 * 1024
const SLOW_PIECES = 12
const SLOW_EVERY_MS = 500
let resetting = false
process.on('SIGUSR2', () => (resetting = !resetting))

const server = createServer((request, response) => {
  response.on('error', () => undefined)
  request.on('error', () => undefined)
  if (request.url === '/upload') receive(request, response)
  else if (request.url === '/big') send(response, piece(BIG))
  else if (request.url === '/slow') drip(response)
  else send(response, piece(100))
})
server.on('connection', (socket) => socket.prependListener('data', () => resetting && socket.resetAndDestroy()))

/** @param {number} length */
function piece(length) {
  const from = Math.floor(Math.random() * (PIECES.length - length))
  return PIECES.subarray(from, from + length)
}

/** @param {Buffer} bytes */
function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

function send(response, bytes) {
  response.writeHead(200, { 'content-length': bytes.length, 'x-hash': hashOf(bytes) }).end(bytes)
}

/** Says what it got by its hash. */
function receive(request, response) {
  const hash = createHash('sha256')
  request.on('data', (chunk) => hash.update(chunk)).on('end', () => response.end(hash.digest('hex')))
}

/** An answer that takes some seconds, in pieces. */
function drip(response) {
  const bytes = piece(SLOW_PIECES * 1_000)
  response.writeHead(200, { 'x-hash': hashOf(bytes) })
  let sent = 0
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent * 1_000, (sent + 1) * 1_000))
    if (++sent === SLOW_PIECES) response.end()
  }, SLOW_EVERY_MS)
  response.once('close', () => clearInterval(timer))
}

const sockets = new WebSocketServer({ server, path: '/ws' })
sockets.on('connection', (socket) =>
  socket.on('error', () => undefined).on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
)

const echo = createTcpServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => undefined)
  if (resetting) socket.resetAndDestroy()
  else socket.pipe(socket)
})
const datagrams = createSocket('udp4')
datagrams.on('message', (bytes, { port, address }) => resetting || datagrams.send(bytes, port, address))

datagrams.bind(8, address)
echo.listen(7, address)
server.listen(80, address, () => console.log('ready'))
