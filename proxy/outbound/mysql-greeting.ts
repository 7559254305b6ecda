import type { Reading } from './reading'

/** Packets of MySQL’s protocol: three bytes of length, one that counts, then the payload (“Protocol Basics”, dev.mysql.com). */
const HEADER = 4
const ERROR = 0xff
const AUTH_SWITCH = 0xfe
const OK = 0x00
/** CLIENT_LONG_PASSWORD, CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION, CLIENT_PLUGIN_AUTH. */
const CAPABILITIES = 0x0008_8201
const COM_QUIT = Buffer.from([1, 0, 0, 0, 1])
/** Nobody’s name: the server says that it does not know it, which is an answer and no broken handshake. */
const NOBODY = 'health-check'
const PLUGIN = 'mysql_native_password'

/**
 * Reads a MySQL or MariaDB server’s greeting and goes through the handshake to its refusal. A server counts handshakes that are
 * broken off, and shuts out a host after `max_connect_errors` of them; refused passwords are not counted there.
 * `said`: how many packets were sent back.
 */
export function answerMysql(bytes: Buffer, said: number): Reading {
  const packets = [...packetsOf(bytes)]
  const first = packets[0]
  if (first === undefined) return bytes.length >= HEADER + 1 && !begins(bytes) ? { verdict: 'other' } : { verdict: 'more' }
  if (first[0] === ERROR) return { verdict: 'well', fault: `it refuses connections: ${errorText(first)}` }
  if (first[0] !== 10) return { verdict: 'other' }
  if (said === 0) return { verdict: 'more', say: packet(1, handshake()) }
  const last = packets[said]
  if (last === undefined) return { verdict: 'more' }
  if (last[0] === AUTH_SWITCH) return { verdict: 'more', say: packet(1 + 2 * said, Buffer.alloc(0)) }
  return last[0] === OK ? { verdict: 'well', say: COM_QUIT } : { verdict: 'well' }
}

function* packetsOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at + HEADER <= bytes.length;) {
    const end = at + HEADER + bytes.readUIntLE(at, 3)
    if (end > bytes.length) return
    yield bytes.subarray(at + HEADER, end)
    at = end
  }
}

/** Whether it can be a greeting that has not come whole: counted 0, of version 10 or an error, not longer than greetings are. */
function begins(bytes: Buffer): boolean {
  return bytes.readUIntLE(0, 3) < 1_024 && bytes[3] === 0 && (bytes[4] === 10 || bytes[4] === ERROR)
}

function handshake(): Buffer {
  const fixed = Buffer.alloc(32)
  fixed.writeUInt32LE(CAPABILITIES, 0)
  fixed.writeUInt32LE(16_777_216, 4)
  // utf8_general_ci, which every server knows.
  fixed[8] = 33
  return Buffer.concat([fixed, Buffer.from(`${NOBODY}\0\0${PLUGIN}\0`, 'latin1')])
}

function packet(count: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER)
  header.writeUIntLE(payload.length, 0, 3)
  header[3] = count
  return Buffer.concat([header, payload])
}

/** Behind the code, and the state that version 4.1 puts before it. */
function errorText(payload: Buffer): string {
  return payload
    .toString('utf8', 3)
    .replace(/^#.{5}/, '')
    .slice(0, 120)
}
