/** What a client's first bytes tell: not enough yet, a TLS hello with or without a name, or something else. */
export type Hello = { readonly kind: 'more' } | { readonly kind: 'tls'; readonly name: string } | { readonly kind: 'other' }

const MORE: Hello = { kind: 'more' }
const OTHER: Hello = { kind: 'other' }
const HANDSHAKE = 0x16
const CLIENT_HELLO = 1
/** Post-quantum key shares and resumption tickets make hellos of several KB; far more is no hello. */
const LONGEST = 16_384

/** TLS alert: fatal, unrecognized_name (RFC 6066 §3). */
export const UNKNOWN_NAME = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70])

/**
 * Reads the server name of a TLS ClientHello (RFC 8446 §4.1.2, RFC 6066 §3), which may come in several records. Nothing is
 * decrypted. It is asked anew whenever more has come, so nothing is copied before the hello is whole: in records of one
 * byte that trickle in, copies would cost minutes.
 */
export function readClientHello(bytes: Buffer): Hello {
  if (bytes.length > 0 && bytes[0] !== HANDSHAKE) return OTHER
  /** The message’s first four bytes, kind and length, as one number; and how much of the message is there. */
  let head = 0
  let size = 0
  for (let at = 0; ;) {
    if (bytes.length < at + 5) return wait(bytes)
    if (bytes[at] !== HANDSHAKE || bytes[at + 1] !== 3) return OTHER
    const length = bytes.readUInt16BE(at + 3)
    if (length === 0 || length > LONGEST) return OTHER
    const end = Math.min(bytes.length, at + 5 + length)
    for (let from = at + 5; from < end && size + from - at - 5 < 4; from++) head = head * 256 + (bytes[from] ?? 0)
    if (size === 0 && end > at + 5 && bytes[at + 5] !== CLIENT_HELLO) return OTHER
    size += end - at - 5
    const whole = size < 4 ? LONGEST : 4 + (head % 0x100_0000)
    if (whole > 4 + LONGEST) return OTHER
    if (size >= 4 && size >= whole) return { kind: 'tls', name: serverName(new Reader(messageOf(bytes).subarray(4, whole))) }
    if (end < at + 5 + length) return wait(bytes)
    at = end
  }
}

function wait({ length }: Buffer): Hello {
  return length > LONGEST ? OTHER : MORE
}

/** What is in all the records. */
function messageOf(bytes: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === HANDSHAKE; at += 5 + bytes.readUInt16BE(at + 3))
    pieces.push(bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3)))
  return Buffer.concat(pieces)
}

/** The host_name of the server_name extension; empty where there is none, or the hello is not whole in itself. */
function serverName(hello: Reader): string {
  hello.skip(2 + 32)
  hello.skip(hello.number(1))
  hello.skip(hello.number(2))
  hello.skip(hello.number(1))
  const extensions = hello.part(hello.number(2))
  while (extensions.left > 0) {
    const type = extensions.number(2)
    const body = extensions.part(extensions.number(2))
    if (type !== 0) continue
    const names = body.part(body.number(2))
    while (names.left > 0) {
      const kind = names.number(1)
      const name = names.part(names.number(2)).text()
      if (kind === 0) return /^[\x21-\x7e]{1,253}$/.test(name) ? name.toLowerCase().replace(/\.$/, '') : ''
    }
  }
  return ''
}

/** Reads on in bytes; beyond the end there are zeros and nothing is left. */
class Reader {
  private at = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get left(): number {
    return Math.max(0, this.bytes.length - this.at)
  }

  skip(count: number): void {
    this.at += count
  }

  number(width: 1 | 2): number {
    const value = this.left < width ? 0 : this.bytes.readUIntBE(this.at, width)
    this.at += width
    return value
  }

  part(length: number): Reader {
    const from = Math.min(this.at, this.bytes.length)
    this.at += length
    return new Reader(this.bytes.subarray(from, from + length))
  }

  text(): string {
    return this.bytes.toString('latin1')
  }
}
