import { describe, expect, test } from 'vitest'
import { readProxyHeader } from '../../../proxy/engine/edge/proxy-header'

const v1 = (line: string): Buffer => Buffer.from(`${line}\r\n`, 'latin1')
function v2(command: number, family: number, addresses: readonly number[], length = addresses.length): Buffer {
  return Buffer.from([
    0x0d,
    0x0a,
    0x0d,
    0x0a,
    0x00,
    0x0d,
    0x0a,
    0x51,
    0x55,
    0x49,
    0x54,
    0x0a,
    command,
    family,
    length >> 8,
    length & 255,
    ...addresses,
  ])
}
const TCP4 = [203, 0, 113, 9, 10, 0, 0, 1, 0xdc, 0x04, 0x00, 0x50]
const TCP6 = [0x20, 0x01, 0x0d, 0xb8, ...Array.from({ length: 11 }, () => 0), 1, ...Array.from({ length: 16 }, () => 0), 0, 80, 0, 80]

describe.each([
  ['version 1, IPv4', v1('PROXY TCP4 203.0.113.9 10.0.0.1 56324 80'), '203.0.113.9'],
  ['version 1, IPv6', v1('PROXY TCP6 2001:DB8:0:0::1 ::1 56324 80'), '2001:db8::1'],
  ['version 1, unknown', v1('PROXY UNKNOWN'), null],
  ['version 1, unknown with what is not to be read', v1('PROXY UNKNOWN ffff::1 x 1 2'), null],
  ['version 2, IPv4', v2(0x21, 0x11, TCP4), '203.0.113.9'],
  ['version 2, IPv4 with options behind', v2(0x21, 0x11, [...TCP4, 4, 0, 1, 0]), '203.0.113.9'],
  ['version 2, IPv6', v2(0x21, 0x21, TCP6), '2001:db8::1'],
  ['version 2, of the proxy itself', v2(0x20, 0x00, []), null],
  ['version 2, no addresses', v2(0x21, 0x00, []), null],
])('%s', (_, bytes, source) => {
  test('names the client and says where it ends', () => {
    expect(readProxyHeader(Buffer.concat([bytes, Buffer.from('GET / HTTP/1.1\r\n')]))).toEqual({ size: bytes.length, source })
  })

  test('is waited for wherever it is split', () => {
    for (let at = 1; at < bytes.length; at++) expect(readProxyHeader(bytes.subarray(0, at))).toBe('more')
  })
})

test.each([
  ['a request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['another protocol', v1('PROXY UDP4 1.2.3.4 1.2.3.4 1 2')],
  ['an address with zeroes in front', v1('PROXY TCP4 010.0.0.1 10.0.0.1 1 2')],
  ['a port with zeroes in front', v1('PROXY TCP4 10.0.0.1 10.0.0.1 01 2')],
  ['a port that is none', v1('PROXY TCP4 10.0.0.1 10.0.0.1 70000 2')],
  ['an address of the other family', v1('PROXY TCP4 ::1 ::1 1 2')],
  ['IPv4 as IPv6', v1('PROXY TCP6 10.0.0.1 10.0.0.1 1 2')],
  ['too many blanks', v1('PROXY TCP4  10.0.0.1 10.0.0.1 1 2')],
  ['a field too few', v1('PROXY TCP4 10.0.0.1 10.0.0.1 1')],
  ['small letters', v1('proxy TCP4 10.0.0.1 10.0.0.1 1 2')],
  ['a line without end', Buffer.from(`PROXY TCP4 ${'1'.repeat(120)}`)],
  ['a version that is not known', v2(0x31, 0x11, TCP4)],
  ['a command that is not known', v2(0x22, 0x11, TCP4)],
  ['datagrams', v2(0x21, 0x12, TCP4)],
  ['addresses that are cut short', v2(0x21, 0x11, TCP4.slice(0, 8))],
  ['a length beyond reason', v2(0x21, 0x11, TCP4, 60_000)],
])('%s is no header', (_, bytes) => expect(readProxyHeader(bytes)).toBe('bad'))
