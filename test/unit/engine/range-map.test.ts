import { array, assert, bigInt, constantFrom, integer, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { parseAddress, rangeHolds, type Address, type AddressRange } from '../../../proxy/contract/address'
import { atOnce } from '../../../proxy/contract/steps'
import { compileBlocked } from '../../../proxy/engine/access/compile-blocked'
import { RangeList } from '../../../proxy/engine/access/range-map'
import { rangeSet } from '../../../proxy/engine/access/range-set'
import { seededRandom } from '../../support/fuzz/random'

const TOP = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n }

/** Few distinct places, at the borders of words and of the whole family, so that ranges touch, overlap and hold one another. */
const value = (family: 4 | 6) =>
  tuple(constantFrom(0n, 0xff_ffffn, 0xffff_fff0n, (1n << 64n) - 8n, (1n << 96n) - 8n, TOP[family] - 20n), bigInt(0n, 20n)).map(
    ([base, offset]) => (base + offset > TOP[family] ? TOP[family] : base + offset),
  )
const range = constantFrom<4 | 6>(4, 6).chain((family) =>
  tuple(value(family), value(family)).map(([a, b]): AddressRange => ({ family, first: a < b ? a : b, last: a < b ? b : a })),
)

/** Inside, outside and on both sides of every border. */
function borders(ranges: readonly AddressRange[]): Address[] {
  return ranges.flatMap(({ family, first, last }) =>
    [first - 1n, first, first + 1n, last - 1n, last, last + 1n]
      .filter((at) => at >= 0n && at <= TOP[family])
      .map((at) => ({ family, value: at })),
  )
}

test('each address belongs to the first range that holds it, at every border of every range', () => {
  assert(
    property(array(range, { maxLength: 14 }), (ranges) => {
      const list = new RangeList()
      for (const [index, one] of ranges.entries()) list.add(one, index)
      const map = atOnce(list.map())
      return borders(ranges).every((address) => {
        const holding = ranges.flatMap((one, index) => (rangeHolds(one, address) ? [index] : []))
        const found = map.find(address)
        return found === (holding[0] ?? -1) && map.others(address).join() === holding.slice(1).join()
      })
    }),
    { numRuns: 3_000 },
  )
})

test('a block that has ended leaves the others that name the address in force', () => {
  const interfaces = { networks: rangeSet([]), named: () => rangeSet([]), isOwn: () => false, version: 0 }
  const entry = tuple(integer({ min: 0, max: 40 }), integer({ min: 0, max: 12 }), integer({ min: 0, max: 5 })).map(
    ([first, size, ends]) => ({
      from: `10.0.0.${first}-10.0.0.${first + size}`,
      ...(ends < 4 ? { until: `2030-01-0${ends + 1}T00:00:00Z` } : {}),
    }),
  )
  assert(
    property(array(entry, { maxLength: 12 }), integer({ min: 0, max: 53 }), integer({ min: 1, max: 6 }), (blocked, last, day) => {
      const now = Date.parse(`2030-01-0${day}T00:00:00Z`)
      const naive = blocked.findIndex(({ from, until }) => {
        const [a = 0, b = 0] = from.split('-').map((text) => Number(text.split('.')[3]))
        return a <= last && last <= b && (until === undefined || now < Date.parse(until))
      })
      return atOnce(compileBlocked(blocked, { interfaces, vpnInterfaces: [] })).find(parseAddress(`10.0.0.${last}`), now) === naive
    }),
    { numRuns: 3_000 },
  )
})

test('with 300,000 networks of both families every border is judged as by arithmetic', () => {
  const random = seededRandom(300_000)
  // Every other block of a /8 and of a /32, in any order, so that each has a neighbour on either side that is not named.
  const places = Array.from({ length: 150_000 }, (_, index) => index)
  for (let index = places.length - 1; index > 0; index--) {
    const other = random.below(index + 1)
    ;[places[index], places[other]] = [places[other] ?? 0, places[index] ?? 0]
  }
  const list = new RangeList()
  for (const [owner, place] of places.entries()) {
    list.addText(`10.${place >> 11}.${(place >> 3) & 255}.${(place & 7) << 5}/28`, 2 * owner)
    list.addText(`2001:db8:${place >> 13}:${((place & 0x1fff) << 3).toString(16)}::/62`, 2 * owner + 1)
  }
  const map = atOnce(list.map())
  const wrong: string[] = []
  for (let asked = 0; asked < 20_000; asked++) {
    const owner = random.below(places.length)
    const place = BigInt(places[owner] ?? 0)
    const v4 = (10n << 24n) + (place << 5n)
    const v6 = (0x2001_0db8n << 96n) + (BigInt(`0x${(place >> 13n).toString()}`) << 80n) + ((place & 0x1fffn) << 67n)
    const cases: [Address, number][] = [
      [{ family: 4, value: v4 - 1n }, -1],
      [{ family: 4, value: v4 }, 2 * owner],
      [{ family: 4, value: v4 + 15n }, 2 * owner],
      [{ family: 4, value: v4 + 16n }, -1],
      [{ family: 6, value: v6 - 1n }, -1],
      [{ family: 6, value: v6 }, 2 * owner + 1],
      [{ family: 6, value: v6 + (1n << 66n) - 1n }, 2 * owner + 1],
      [{ family: 6, value: v6 + (1n << 66n) }, -1],
    ]
    for (const [address, expected] of cases) if (map.find(address) !== expected) wrong.push(`${address.family} ${address.value}`)
  }
  expect(wrong).toEqual([])
})
