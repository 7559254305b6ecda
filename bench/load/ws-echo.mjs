// A WebSocket echo that costs little: `node ws-echo.mjs PORT`. It takes binary frames of 126 to 65,535 bytes whose mask is
// zero, as bench/load/ws-load.ts sends them, and gives each back without its mask.
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const HEADER = 8

createServer({ noDelay: true }, (socket) => {
  let pending = Buffer.alloc(0)
  let open = false
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    if (!open) {
      const end = pending.indexOf('\r\n\r\n')
      if (end === -1) return
      const key = /^sec-websocket-key:\s*(\S+)/im.exec(pending.toString('latin1', 0, end))?.[1] ?? ''
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${createHash('sha1')
          .update(key + GUID)
          .digest('base64')}\r\n\r\n`,
      )
      pending = pending.subarray(end + 4)
      open = true
    }
    while (pending.length >= HEADER) {
      const length = pending.readUInt16BE(2)
      if (pending.length < HEADER + length) return
      const frame = Buffer.allocUnsafe(4 + length)
      frame[0] = 0x82
      frame[1] = 126
      frame.writeUInt16BE(length, 2)
      pending.copy(frame, 4, HEADER, HEADER + length)
      socket.write(frame)
      pending = pending.subarray(HEADER + length)
    }
  })
}).listen(Number(process.argv[2]), '127.0.0.1', 4096)
