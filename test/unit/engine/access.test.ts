import { array, assert, integer, property, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainAddress, parseAddress, parseRange, rangeHolds, type Address, type AddressRange } from '../../../proxy/contract/address'
import { atOnce } from '../../../proxy/contract/steps'
import { compileAccess } from '../../../proxy/engine/access/compile-access'
import { compileBlocked } from '../../../proxy/engine/access/compile-blocked'
import { rangeSet } from '../../../proxy/engine/access/range-set'
import { effectiveClient } from '../../../proxy/engine/access/client-address'

const range = (text: string): AddressRange => parseRange(text) ?? expect.fail(`no range: ${text}`)
const address = (text: string): Address => parseAddress(text) ?? expect.fail(`no address: ${text}`)
const surroundings = {
  interfaces: {
    networks: rangeSet([range('192.168.7.0/24')]),
    named: () => rangeSet([range('10.8.0.0/24')]),
    isOwn: () => false,
    version: 0,
  },
  vpnInterfaces: ['wg0'],
}
const NOW = Date.parse('2029-06-01T00:00:00Z')
const rules = (...list: [action: 'allow' | 'deny', from: string][]) => ({ rules: list.map(([action, from]) => ({ action, from })) })

test('a set of ranges holds exactly what one of its ranges holds', () => {
  const arbitrary = tuple(integer({ min: 0, max: 300 }), integer({ min: 0, max: 40 })).map(([first, size]): AddressRange => ({
    family: 4,
    first: BigInt(first),
    last: BigInt(first + size),
  }))
  assert(
    property(array(arbitrary, { maxLength: 12 }), integer({ min: 0, max: 350 }), (ranges, value) => {
      const wanted: Address = { family: 4, value: BigInt(value) }
      expect(rangeSet(ranges).has(wanted)).toBe(ranges.some((one) => rangeHolds(one, wanted)))
    }),
  )
})

describe('a service’s rules', () => {
  test.each([
    ['an allow list denies everyone else', rules(['allow', '10.0.0.1']), '10.0.0.2', 'deny'],
    ['a deny list allows everyone else', rules(['deny', '10.0.0.1']), '10.0.0.2', 'allow'],
    ['no rules allow', { rules: [] }, '10.0.0.2', 'allow'],
    ['the default decides where it is given', { ...rules(['deny', '10.0.0.1']), default: 'deny' as const }, '10.0.0.2', 'deny'],
    ['the first match decides', rules(['deny', '10.0.0.0/30'], ['allow', '10.0.0.0/8']), '10.0.0.3', 'deny'],
    ['an IPv4-mapped address is that IPv4 address', rules(['allow', '10.0.0.0/8']), '::ffff:10.0.0.3', 'allow'],
    ['anyone is both families', rules(['allow', 'anyone']), '2001:db8::1', 'allow'],
    ['this network follows the machine', rules(['allow', 'this-network']), '192.168.7.9', 'allow'],
    ['lan is the private ranges', rules(['allow', 'lan']), '172.31.0.1', 'allow'],
    ['lan is not the whole internet', rules(['allow', 'lan']), '172.32.0.1', 'deny'],
    ['vpn is 100.64.0.0/10', rules(['allow', 'vpn']), '100.100.1.1', 'allow'],
    ['loopback is both families', rules(['allow', 'loopback']), '::1', 'allow'],
  ])('%s', (_, access, client, verdict) => {
    expect(atOnce(compileAccess(access, [], surroundings)).decide(address(client), NOW)).toBe(verdict)
  })

  test('an address that cannot be read is denied', () =>
    expect(atOnce(compileAccess(rules(['allow', 'anyone']), [], surroundings)).decide(null, NOW)).toBe('deny'))
})

test('a decision names the rule that made it, or says that none did', () => {
  const access = atOnce(
    compileAccess(
      {
        rules: [
          { action: 'allow', from: '10.0.0.0/8' },
          { action: 'deny', from: '192.168.1.0/24' },
          { action: 'deny', from: '192.168.2.66' },
          { list: 'partners' },
        ],
      },
      [
        {
          id: 'partners',
          rules: [
            { action: 'allow', from: '203.0.113.1' },
            { action: 'deny', from: '203.0.113.0/24' },
          ],
        },
      ],
      surroundings,
    ),
  )
  expect(['192.168.2.66', '203.0.113.9', '8.8.8.8'].map((client) => access.because(address(client), NOW))).toEqual([
    'rule 3 (deny 192.168.2.66)',
    'rule 4 (list partners: deny 203.0.113.0/24)',
    'no rule of the service matches, and everyone else is denied',
  ])
})

test('a block ends when its time is over', () => {
  const blocked = atOnce(compileBlocked([{ from: '10.0.0.1', until: '2030-01-01T00:00:00Z', reason: 'scanner' }], surroundings))
  const reasonAt = (time: string): string | null => (blocked.find(address('10.0.0.1'), Date.parse(time)) === -1 ? null : blocked.because(0))
  expect(reasonAt('2029-12-31T23:59:59Z')).toBe('the address is blocked: scanner')
  expect(reasonAt('2030-01-01T00:00:01Z')).toBeNull()
})

describe('the client behind a peer', () => {
  const trusted = rangeSet([range('10.0.0.0/8')])
  const client = (peer: string, ...chain: string[]): string =>
    effectiveClient({ text: peer, address: parseAddress(peer) }, chain, trusted).text

  test.each([
    ['an untrusted peer is the client, whatever it says', '9.9.9.9', ['8.8.8.8'], '9.9.9.9'],
    ['the right-most untrusted address', '10.0.0.1', ['1.1.1.1, 8.8.8.8'], '8.8.8.8'],
    ['trusted ones are skipped', '10.0.0.1', ['8.8.8.8, 10.0.0.2'], '8.8.8.8'],
    ['repeated fields are one chain', '10.0.0.1', ['1.1.1.1', '8.8.8.8, 10.0.0.2'], '8.8.8.8'],
    ['the left-most where all are trusted', '10.0.0.1', ['10.0.0.9, 10.0.0.2'], '10.0.0.9'],
    ['the last good one before garbage', '10.0.0.1', ['8.8.8.8, <script>, 10.0.0.2'], '10.0.0.2'],
    ['no chain is the peer itself', '10.0.0.1', [], '10.0.0.1'],
    ['ports and brackets are left out', '10.0.0.1', ['"unknown", [2001:db8::1]:443'], '2001:db8::1'],
  ])('%s', (_, peer, chain, expected) => {
    expect(client(peer, ...chain)).toBe(expected)
  })

  test('a peer on a dual-stack socket and a zone are put plainly', () => {
    expect([plainAddress('::ffff:10.0.0.1'), plainAddress('fe80::1%eth0')]).toEqual(['10.0.0.1', 'fe80::1'])
  })
})
