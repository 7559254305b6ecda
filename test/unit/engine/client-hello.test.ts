import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { connect, type ConnectionOptions } from 'node:tls'
import { array, assert as check, nat, oneof, property, tuple, uint8Array } from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { readClientHello } from '../../../proxy/engine/stream/client-hello'

/** What node's TLS client says first. */
async function captured(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const accepted = once(server, 'connection')
  const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  client.on('error', () => undefined)
  const [socket] = await accepted
  const chunks: Buffer[] = []
  for await (const chunk of socket) {
    chunks.push(chunk)
    const [first] = chunks
    if (first !== undefined && Buffer.concat(chunks).length >= 5 + first.readUInt16BE(3)) break
  }
  client.destroy()
  server.close()
  return Buffer.concat(chunks)
}

const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255])
const sized = (bytes: Buffer): Buffer => Buffer.concat([u16(bytes.length), bytes])
const record = (payload: Buffer, type = 0x16): Buffer => Buffer.concat([Buffer.from([type, 3, 1]), sized(payload)])
const handshake = (body: Buffer, length = body.length, type = 1): Buffer =>
  Buffer.concat([Buffer.from([type, length >> 16]), u16(length & 0xffff), body])
const serverName = (name: string, kind = 0): Buffer => Buffer.concat([Buffer.from([kind]), sized(Buffer.from(name, 'latin1'))])
const extension = (type: number, body: Buffer): Buffer => Buffer.concat([u16(type), sized(body)])
/** A hello by the letter of RFC 8446 §4.1.2: version, random, session, two suites, no compression, extensions. */
const hello = (...extensions: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    Buffer.from([4, 1, 2, 3, 4]),
    sized(Buffer.from([0x13, 1, 0x13, 2])),
    Buffer.from([1, 0]),
    sized(Buffer.concat(extensions)),
  ])
const named = (name: string): Buffer => hello(extension(10, Buffer.from([0, 2, 0, 29])), extension(0, sized(serverName(name))))
/** A handshake message in records of so many bytes at most. */
function inRecords(message: Buffer, size: number): Buffer {
  const records: Buffer[] = []
  for (let at = 0; at < message.length; at += size) records.push(record(message.subarray(at, at + size)))
  return Buffer.concat(records)
}
const tls = (name: string): object => ({ kind: 'tls', name })

describe('what node’s own client says', () => {
  let real: Buffer
  beforeAll(async () => void (real = await captured({ servername: 'Wiki.Office.lan' })))

  test('the name is read, in small letters; without one there is none', async () => {
    expect(readClientHello(real)).toEqual(tls('wiki.office.lan'))
    expect(readClientHello(await captured({}))).toEqual(tls(''))
    expect(readClientHello(await captured({ servername: 'old.test', maxVersion: 'TLSv1.2', ALPNProtocols: ['h2', 'http/1.1'] }))).toEqual(
      tls('old.test'),
    )
  })

  test('it is waited for wherever it is split, and what follows it does not matter', () => {
    for (let at = 0; at < real.length; at++) expect(readClientHello(real.subarray(0, at))).toEqual({ kind: 'more' })
    expect(readClientHello(Buffer.concat([real, Buffer.alloc(20_000, 0xff)]))).toEqual(tls('wiki.office.lan'))
  })

  test.each([1, 2, 3, 4, 5, 100])('in records of %i bytes it is the same hello, and waited for wherever it is split', (size) => {
    const split = inRecords(real.subarray(5), size)
    expect(readClientHello(split)).toEqual(tls('wiki.office.lan'))
    for (let at = 0; at < split.length; at++) expect(readClientHello(split.subarray(0, at))).toEqual({ kind: 'more' })
  })
})

describe('names', () => {
  test.each([
    ['a.test', 'a.test'],
    ['A.TEST.', 'a.test'],
    ['xn--bcher-kva.test', 'xn--bcher-kva.test'],
    ['x'.repeat(253), 'x'.repeat(253)],
    ['x'.repeat(254), ''],
    ['', ''],
    ['a b.test', ''],
    ['a\0.test', ''],
    ['b\u00fccher.test', ''],
  ])('the name %j is read as %j', (name, expected) => expect(readClientHello(record(handshake(named(name))))).toEqual(tls(expected)))

  test('the first host name counts, whatever other kinds and extensions are there', () => {
    const names = Buffer.concat([serverName('other', 9), serverName('first.test'), serverName('second.test')])
    expect(
      readClientHello(
        record(
          handshake(hello(extension(43, Buffer.alloc(300)), extension(0, sized(names)), extension(0, sized(serverName('third.test'))))),
        ),
      ),
    ).toEqual(tls('first.test'))
    expect(readClientHello(record(handshake(hello())))).toEqual(tls(''))
    expect(readClientHello(record(handshake(hello().subarray(0, -2))))).toEqual(tls(''))
  })
})

describe('what is no hello', () => {
  test.each([
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n')],
    ['SSL 2', Buffer.from([0x80, 0x2e, 1, 3, 1])],
    ['another record', record(handshake(named('a.test')), 0x17)],
    ['another version', Buffer.from([0x16, 2, 0, 0, 4, 1, 0, 0, 0])],
    ['an empty record', Buffer.from([0x16, 3, 1, 0, 0])],
    ['a record that is too long', Buffer.from([0x16, 3, 1, 0xff, 0xff])],
    ['another message', record(handshake(named('a.test'), undefined, 2))],
    ['a message that says it is 16 MB', record(handshake(named('a.test'), 0xff_ffff))],
    ['a second record of another kind', Buffer.concat([record(handshake(named('a.test')).subarray(0, 9)), record(Buffer.alloc(9), 0x15)])],
  ])('%s', (_, bytes) => expect(readClientHello(bytes)).toEqual({ kind: 'other' }))

  test('nothing at all is waited for', () => expect(readClientHello(Buffer.alloc(0))).toEqual({ kind: 'more' }))
})

test('a length within that lies gives a name that is there, or none', () => {
  const good = record(handshake(named('a.test')))
  for (let at = 9; at < good.length; at++) {
    for (const value of [0, 1, 0x7f, 0xff]) {
      const bad = Buffer.from(good)
      bad[at] = value
      const read = readClientHello(bad)
      expect(read.kind).toBe('tls')
      if (read.kind === 'tls') expect(read.name === '' || bad.toString('latin1').toLowerCase().includes(read.name)).toBe(true)
    }
  }
})

test('100,000 random and mutated beginnings never throw, and each is one of the three', () => {
  const good = record(handshake(named('a.test')))
  const mutated = tuple(array(tuple(nat(good.length - 1), nat(255)), { maxLength: 6 }), nat(good.length)).map(([changes, length]) => {
    const bytes = Buffer.from(good)
    for (const [at, value] of changes) bytes[at] = value
    return bytes.subarray(0, length)
  })
  const headed = uint8Array({ maxLength: 64 }).map((rest) => Buffer.concat([Buffer.from([0x16, 3, 1, 0]), rest]))
  const random = uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes))
  check(
    property(oneof({ weight: 6, arbitrary: mutated }, { weight: 3, arbitrary: headed }, { weight: 1, arbitrary: random }), (bytes) =>
      ['more', 'tls', 'other'].includes(readClientHello(bytes).kind),
    ),
    { numRuns: 100_000 },
  )
})

test('one that goes on and on is none; trickling in, a byte a record, it costs little', () => {
  const endless = inRecords(handshake(Buffer.concat([hello(), Buffer.alloc(16_000)])), 1)
  const began = process.cpuUsage()
  for (let at = 1; at <= 16_384; at += 1) expect(readClientHello(endless.subarray(0, at)).kind).toBe('more')
  // Copied anew for each record, it took minutes.
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(10)
  for (const at of [16_385, 16_386, 16_388, 16_389, 16_390, 16_391, 50_000])
    expect(readClientHello(endless.subarray(0, at)).kind).toBe('other')
})
