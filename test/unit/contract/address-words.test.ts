import { array, assert, constantFrom, integer, oneof, property, string, tuple } from 'fast-check'
import ipaddr from 'ipaddr.js'
import { test } from 'vitest'
import { isRange, parseAddress, parseRange, type Address, type AddressRange } from '../../../proxy/contract/address'

const RUNS = 20_000

/** What ipaddr.js makes of a text, with the two forms taken out that programs read differently. */
function reference(text: string): Address | null {
  const bare = text.replace(/%[^%/]+$/, '')
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return toAddress(ipaddr.IPv4.parse(bare))
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return null
  const tail = bare.slice(bare.lastIndexOf(':') + 1)
  if (tail.includes('.') && !ipaddr.IPv4.isValidFourPartDecimal(tail)) return null
  const address = ipaddr.IPv6.parse(bare)
  return toAddress(address.isIPv4MappedAddress() ? address.toIPv4Address() : address)
}

function toAddress(address: ipaddr.IPv4 | ipaddr.IPv6): Address {
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return { family: address.kind() === 'ipv4' ? 4 : 6, value }
}

function referenceRange(text: string): AddressRange | null {
  const single = reference(text)
  if (single) return { family: single.family, first: single.value, last: single.value }
  const [, base, digits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  if (base !== undefined) {
    const address = reference(base)
    if (!address) return null
    const prefix = Number(digits) - (address.family === 4 && base.includes(':') ? 96 : 0)
    const bits = address.family === 4 ? 32 : 128
    if (prefix < 0 || prefix > bits) return null
    const size = 1n << BigInt(bits - prefix)
    const first = address.value - (address.value % size)
    return { family: address.family, first, last: first + size - 1n }
  }
  const [from = '', to = '', ...rest] = text.split('-')
  const [first, last] = [reference(from.trim()), reference(to.trim())]
  if (!first || !last || rest.length > 0 || first.family !== last.family || first.value > last.value) return null
  return { family: first.family, first: first.value, last: last.value }
}

const number = oneof(integer({ min: 0, max: 300 }).map(String), constantFrom('0', '00', '010', '0x7f', '255', '256', '1e1', ''))
const v4 = array(number, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'))
const group = oneof(
  integer({ min: 0, max: 0xffff }).map((value) => value.toString(16)),
  constantFrom('0', 'ffff', 'FFFF', '00001', '0abc', 'g', '', '', '1.2.3.4'),
)
const v6 = tuple(
  array(group, { minLength: 1, maxLength: 9 }),
  constantFrom('', '', '', ':1.2.3.4', ':01.2.3.4', '::', '%eth0', '%e%1', '%e-0', '%'),
).map(([groups, end]) => groups.join(':') + end)
const known = constantFrom(
  '::',
  '::1',
  '::ffff:1.2.3.4',
  '::1.2.3.4',
  '::ffff:0:0',
  '1::',
  '1.2.3.4',
  '255.255.255.255',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:1.2.3.4',
)
const noise = string({ unit: constantFrom('0', '1', 'f', ':', '::', '.', '%', '/', '-', ' ', 'x'), maxLength: 14 })
const address = oneof(v4, v6, known, noise)
const range = oneof(
  address,
  tuple(address, constantFrom('0', '8', '24', '32', '33', '64', '96', '128', '129', '008', '1234', '', '-1')).map(
    ([base, prefix]) => `${base}/${prefix}`,
  ),
  tuple(address, constantFrom('-', ' - ', '--'), address).map((parts) => parts.join('')),
)

const isSame = (ours: Address | AddressRange | null, theirs: Address | AddressRange | null): boolean => written(ours) === written(theirs)
const written = (one: Address | AddressRange | null): string => (one === null ? '' : Object.values(one).join(' '))

test('every text is the address that ipaddr.js reads, or none where it reads none', () => {
  assert(
    property(address, (text) => isSame(parseAddress(text), reference(text))),
    { numRuns: RUNS },
  )
})

test('blocks and ranges are those that arithmetic on whole numbers gives', () => {
  assert(
    property(range, (text) => isSame(parseRange(text), referenceRange(text)) && isRange(text) === (referenceRange(text) !== null)),
    { numRuns: RUNS },
  )
})
