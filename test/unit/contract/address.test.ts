import { describe, expect, test } from 'vitest'
import { parseAddress, parseRange, rangeHolds } from '../../../proxy/contract/address'

function holds(range: string, address: string): boolean {
  const parsed = parseRange(range)
  const one = parseAddress(address)
  if (!parsed || !one) throw new Error(`${range} or ${address} is not understood`)
  return rangeHolds(parsed, one)
}

describe('forms of an address', () => {
  test.each(['192.168.1.20', '0.0.0.0', '255.255.255.255', '::', '::1', '2001:db8::1', 'FE80::1', 'fe80::1%eth0', '::ffff:10.0.0.1'])(
    '%s is taken',
    (text) => {
      expect(parseAddress(text)).not.toBeNull()
    },
  )

  test.each([
    '',
    'abc',
    '010.0.0.1',
    '1.2.3',
    '0x7f.1',
    '127.1',
    '2130706433',
    '256.0.0.1',
    '1.2.3.4.5',
    '1.2.3.-4',
    ' 1.2.3.4',
    '1.2.3.4 ',
    ':::',
    '12345::',
    '1.2.3.4:80',
    '[::1]',
  ])('“%s” is refused, never guessed at', (text) => {
    expect(parseAddress(text)).toBeNull()
  })

  test('an IPv4-mapped IPv6 address is that IPv4 address', () => {
    expect(parseAddress('::ffff:10.0.0.1')).toEqual(parseAddress('10.0.0.1'))
    expect(parseAddress('::ffff:a00:1')).toEqual(parseAddress('10.0.0.1'))
  })

  test('a zone id is ignored', () => {
    expect(parseAddress('fe80::1%eth0')).toEqual(parseAddress('fe80::1'))
  })
})

describe('forms of a range', () => {
  test.each([
    ['192.168.1.0/24', '192.168.1.255', true],
    ['192.168.1.0/24', '192.168.2.0', false],
    ['192.168.1.5/24', '192.168.1.77', true],
    ['10.0.0.5-10.0.0.20', '10.0.0.20', true],
    ['10.0.0.5 - 10.0.0.20', '10.0.0.4', false],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '10.0.0.1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['127.0.0.2/32', '127.0.0.1', false],
    ['::ffff:10.0.0.0/104', '10.200.0.1', true],
    ['127.0.0.0/8', '::ffff:127.0.0.1', true],
  ])('%s and %s: %s', (range, address, expected) => {
    expect(holds(range, address)).toBe(expected)
  })

  test.each([
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0.20-10.0.0.5',
    '10.0.0.1-::1',
    '10.0.0.1-',
    '-',
    'lan',
    '010.0.0.0/8',
    '::ffff:10.0.0.0/95',
  ])('“%s” is refused', (text) => {
    expect(parseRange(text)).toBeNull()
  })
})
