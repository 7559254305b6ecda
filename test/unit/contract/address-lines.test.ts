import { describe, expect, test } from 'vitest'
import { parseAddress, parseRange } from '../../../proxy/contract/address'
import { hostBitsNote, meantBlock } from '../../../proxy/contract/host-bits'
import { parseAddressLines } from '../../../proxy/contract/parse-address-lines'

describe('pasted addresses', () => {
  test('lines, CSV and comments are taken, with what stands beside them as notes', () => {
    const { good, bad } = parseAddressLines(
      '# partners\naddress,name\r\n203.0.113.5 # Meyer\n"198.51.100.0/24","Branch, Ulm"\n2001:db8::/32\n\n10.0.0.5-10.0.0.20; printers\nlan\n192.168.1.7 the corner machine\n10.1.1.1, 10.1.1.2\n203.0.113.5',
    )
    expect(good).toEqual([
      { from: '203.0.113.5', note: 'Meyer' },
      { from: '198.51.100.0/24', note: 'Branch, Ulm' },
      { from: '2001:db8::/32', note: undefined },
      { from: '10.0.0.5-10.0.0.20', note: 'printers' },
      { from: 'lan', note: undefined },
      { from: '192.168.1.7', note: 'the corner machine' },
      { from: '10.1.1.1', note: undefined },
      { from: '10.1.1.2', note: undefined },
    ])
    expect(bad).toEqual([])
  })

  test('a head line of column names is passed over', () => {
    expect(parseAddressLines('IP address,Comment\n10.0.0.1,x')).toEqual({ good: [{ from: '10.0.0.1', note: 'x' }], bad: [] })
  })

  test.each([
    ['10.0.0.0/33', 'an IPv4 block is /32 at most'],
    ['010.0.0.1', 'leave out zeroes in front: some programs read them as octal'],
    ['1.2.3', 'an IPv4 address has four numbers'],
    ['0x7f.1', 'hexadecimal addresses mean different ones to different programs; write it in decimal'],
    ['10.0.0.256', 'each number is 255 at most'],
    ['10.0.0.1.', 'there is a dot at the end'],
    ['2001:db8::/129', 'an IPv6 block is /128 at most'],
    ['10.0.0.9-10.0.0.1', 'a range is two addresses of one kind, the smaller first'],
    ['intranet', 'this is no address, block or range'],
  ])('%s is shown with its line and why', (text, why) => {
    expect(parseAddressLines(`10.0.0.1\n${text}`)).toEqual({ good: [{ from: '10.0.0.1', note: undefined }], bad: [{ line: 2, text, why }] })
  })
})

test.each([
  ['192.168.1.5/24', '192.168.1.0/24'],
  ['2001:db8::1/64', '2001:db8::/64'],
  ['::ffff:10.0.0.9/120', '10.0.0.0/24'],
  ['192.168.1.0/24', null],
  ['10.0.0.1', null],
  ['lan', null],
  ['10.0.0.0/33', null],
])('%s means %s', (text, meant) => {
  expect(meantBlock(text)).toBe(meant)
  expect(hostBitsNote(text)).toBe(meant === null ? null : `${text} means ${meant}`)
})

/** Every form that an address may have, and whether it is one. */
test.each([
  ['192.168.1.20', true],
  ['255.255.255.255', true],
  ['0.0.0.0', true],
  ['::', true],
  ['::1', true],
  ['2001:db8::1', true],
  ['2001:0DB8:0000::0001', true],
  ['::ffff:10.0.0.1', true],
  ['::ffff:a00:1', true],
  ['fe80::1%eth0', true],
  ['fe80::1%3', true],
  ['64:ff9b::a00:1', true],
  ['', false],
  [' ', false],
  [' 10.0.0.1', false],
  ['10.0.0.1 ', false],
  ['10.0.0.1.', false],
  ['.10.0.0.1', false],
  ['10.0.0', false],
  ['1.2.3', false],
  ['10.0.0.1.2', false],
  ['256.0.0.1', false],
  ['010.0.0.1', false],
  ['10.0.0.01', false],
  ['0x7f.1', false],
  ['0x7f000001', false],
  ['2130706433', false],
  ['127.1', false],
  ['10.0.0.-1', false],
  ['1e1.0.0.1', false],
  ['１０.0.0.1', false],
  ['[::1]', false],
  ['::1::', false],
  ['1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7:8:9', false],
  ['12345::', false],
  ['::g', false],
  ['::ffff:010.0.0.1', false],
  ['::ffff:1.2.3', false],
  ['localhost', false],
  ['abc', false],
  ['10.0.0.1:80', false],
  ['10.0.0.1/', false],
])('“%s” is an address: %s', (text, is) => expect(parseAddress(text) !== null).toBe(is))

test.each([
  ['10.0.0.0/8', true],
  ['10.0.0.1/32', true],
  ['0.0.0.0/0', true],
  ['::/0', true],
  ['2001:db8::/32', true],
  ['10.0.0.5-10.0.0.20', true],
  ['10.0.0.5 - 10.0.0.20', true],
  ['::1-::ffff', true],
  ['10.0.0.5-10.0.0.5', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/-1', false],
  ['10.0.0.0/', false],
  ['10.0.0.0/8/8', false],
  ['::/129', false],
  ['10.0.0.0/08x', false],
  ['10.0.0.0/255.0.0.0', false],
  ['10.0.0.20-10.0.0.5', false],
  ['10.0.0.1-::1', false],
  ['10.0.0.1-', false],
  ['-10.0.0.1', false],
  ['10.0.0.1-10.0.0.2-10.0.0.3', false],
  ['10.0.0.*', false],
  ['010.0.0.0/8', false],
])('“%s” is a range: %s', (text, is) => expect(parseRange(text) !== null).toBe(is))
