import { assert as check, constantFrom, ipV4, ipV6, nat, oneof, property, string } from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { endpoint, proxyHead } from '../../../proxy/outbound/proxy-head'
import { readProxyHeader } from '../../../proxy/engine/edge/proxy-header'

const V4 = [endpoint('203.0.113.9', 56_324), endpoint('10.0.0.1', 443)] as const
const V6 = [endpoint('2001:db8::1', 56_324), endpoint('::1', 443)] as const
const NOBODY = endpoint(undefined, undefined)
const text = (bytes: Buffer): string => bytes.toString('latin1')
const SIGNATURE = '0d0a0d0a000d0a515549540a'

describe('version 1 (haproxy/doc/proxy-protocol.txt §2.1)', () => {
  test.each([
    ['IPv4', V4, 'PROXY TCP4 203.0.113.9 10.0.0.1 56324 443\r\n'],
    // The specification's own example of the longest line of each family.
    [
      'the longest of IPv4',
      [endpoint('255.255.255.255', 65_535), endpoint('255.255.255.255', 65_535)],
      'PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n',
    ],
    [
      'the longest of IPv6',
      [endpoint('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 65_535), endpoint('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 65_535)],
      'PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n',
    ],
    ['IPv6', V6, 'PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:0:0:1 56324 443\r\n'],
    ['a client of IPv6 at an address of IPv4', [V6[0], V4[1]], 'PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:ffff:a00:1 56324 443\r\n'],
    ['a client of IPv4 at an address of IPv6', [V4[0], V6[1]], 'PROXY TCP6 0:0:0:0:0:ffff:cb00:7109 0:0:0:0:0:0:0:1 56324 443\r\n'],
    ['a client that is not known', [NOBODY, V4[1]], 'PROXY UNKNOWN\r\n'],
    ['an address that is not known', [V4[0], NOBODY], 'PROXY UNKNOWN\r\n'],
  ] as const)('%s', (_, [source, target], line) => {
    expect(text(proxyHead('v1', { source, target }))).toBe(line)
    // §2.1: 107 bytes are enough for any line.
    expect(line.length).toBeLessThanOrEqual(107)
  })

  test('the gateway’s own', () => expect(text(proxyHead('v1', null))).toBe('PROXY UNKNOWN\r\n'))
})

describe('version 2 (§2.2)', () => {
  test.each([
    ['IPv4', V4, '2111000ccb0071090a000001dc0401bb'],
    ['IPv6', V6, '2121002420010db800000000000000000000000100000000000000000000000000000001dc0401bb'],
    [
      'a client of IPv6 at an address of IPv4',
      [V6[0], V4[1]],
      '2121002420010db800000000000000000000000100000000000000000000ffff0a000001dc0401bb',
    ],
    [
      'a client of IPv4 at an address of IPv6',
      [V4[0], V6[1]],
      '2121002400000000000000000000ffffcb00710900000000000000000000000000000001dc0401bb',
    ],
    ['a client that is not known', [NOBODY, V4[1]], '20000000'],
  ] as const)('%s', (_, [source, target], rest) => expect(proxyHead('v2', { source, target }).toString('hex')).toBe(SIGNATURE + rest))

  test('the gateway’s own: LOCAL, no addresses', () => expect(proxyHead('v2', null).toString('hex')).toBe(`${SIGNATURE}20000000`))
})

test('an end is what its socket says of it: IPv4 on a dual-stack socket, no zone', () => {
  expect(endpoint('::ffff:10.0.0.1', 1)).toEqual(endpoint('10.0.0.1', 1))
  expect(endpoint('fe80::1%eth0', 1)).toEqual(endpoint('fe80::1', 1))
  expect(endpoint('::ffff:10.0.0.1', 1).address?.family).toBe(4)
  expect(NOBODY).toEqual({ address: null, port: 0 })
})

test('whatever is written, our own reader reads back, to the byte', () => {
  const address = oneof(ipV4(), ipV6())
  const port = nat(65_535)
  check(
    property(
      constantFrom('v1' as const, 'v2' as const),
      address,
      port,
      address,
      port,
      string({ maxLength: 20 }),
      (version, from, fromPort, to, toPort, rest) => {
        const header = proxyHead(version, { source: endpoint(from, fromPort), target: endpoint(to, toPort) })
        expect(readProxyHeader(Buffer.concat([header, Buffer.from(rest)]))).toEqual({
          size: header.length,
          source: ipaddr.process(from).toString(),
        })
        for (let at = 1; at < header.length; at++) expect(readProxyHeader(header.subarray(0, at))).toBe('more')
      },
    ),
    { numRuns: 2_000 },
  )
  for (const version of ['v1', 'v2'] as const) expect(readProxyHeader(proxyHead(version, null))).toMatchObject({ source: null })
})
