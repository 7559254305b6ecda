import { expect, test } from 'vitest'
import { formatAddress, parseAddress, parseRange, rangeHolds, type Address, type AddressRange } from '../../../proxy/contract/address'
import type { AccessList, AccessRule } from '../../../proxy/contract/config/access'
import { atOnce } from '../../../proxy/contract/steps'
import { compileAccess } from '../../../proxy/engine/access/compile-access'
import { FIXED_PRESETS } from '../../../proxy/engine/access/presets'
import { rangeSet } from '../../../proxy/engine/access/range-set'
import { seededRandom } from '../../support/fuzz/random'

const RULE_SETS = 5_000
const ADDRESSES = 24
const NOW = Date.parse('2030-01-01T00:00:00Z')
const NETWORK = '192.168.7.0/24'
const VPN = '10.8.0.0/24'
const surroundings = {
  interfaces: { networks: rangeSet([range(NETWORK)]), named: () => rangeSet([range(VPN)]), isOwn: () => false, version: 0 },
  vpnInterfaces: ['wg0'],
}

function range(text: string) {
  return parseRange(text) ?? expect.fail(`no range: ${text}`)
}

/** Rule by rule, range by range, as the contract has it: nothing is sorted, joined or skipped. */
function decideNaively(
  access: { rules: readonly AccessRule[]; default?: 'allow' | 'deny' },
  lists: readonly AccessList[],
  address: Address,
): 'allow' | 'deny' {
  const rules = access.rules.flatMap((rule) => {
    if (rule.list === undefined) return [rule]
    return (lists.find(({ id }) => id === rule.list)?.rules ?? []).map((inner) => ({
      ...inner,
      until: [inner.until, rule.until].filter((until) => until !== undefined).toSorted()[0],
    }))
  })
  for (const { action, from, until } of rules) {
    if (until !== undefined && Date.parse(until) <= NOW) continue
    if (action !== undefined && from !== undefined && rangesOf(from).some((one) => rangeHolds(one, address))) return action
  }
  return access.default ?? (rules.some(({ action }) => action === 'allow') ? 'deny' : 'allow')
}

const ranges = new Map<string, readonly AddressRange[]>()

function rangesOf(from: string): readonly AddressRange[] {
  const known = ranges.get(from)
  if (known !== undefined) return known
  const read =
    from === 'this-network'
      ? [range(NETWORK)]
      : from === 'vpn'
        ? [...FIXED_PRESETS.vpn, range(VPN)]
        : from === 'loopback' || from === 'lan' || from === 'anyone'
          ? FIXED_PRESETS[from]
          : [range(from)]
  ranges.set(from, read)
  return read
}

test(`${(RULE_SETS * ADDRESSES).toLocaleString('en')} verdicts on random rules are those of an evaluator that compares one by one, and the deciding rule says the same`, () => {
  const random = seededRandom(20_261_127)
  const below = (limit: number): number => random.below(limit)
  const oneIn = (times: number): boolean => random.oneIn(times)
  const pick = <const T>(...choices: readonly T[]): T => random.pick(choices)
  // Few distinct numbers, so that ranges touch, overlap and hold one another.
  const v4 = (): string => `${pick(10, 192, 127, 100, 203)}.${pick(0, 8, 64, 168)}.${pick(0, 1, 7)}.${pick(0, 1, 2, 127, 128, 254, 255)}`
  const v6 = (): string =>
    `${pick('2001:db8', 'fe80', 'fd00', '::1', '2001:db8:1')}${oneIn(3) ? '' : `::${pick('0', '1', 'ffff', 'a:b')}`}`.replace('::1::', '::')
  const one = (): string => (oneIn(2) ? v4() : v6())
  const address = (): Address => parseAddress(oneIn(10) ? `::ffff:${v4()}` : one()) ?? address()
  const source = (): string => {
    switch (below(6)) {
      case 0:
        return pick('loopback', 'this-network', 'lan', 'vpn', 'anyone')
      case 1:
        return `${v4()}/${pick(0, 8, 12, 16, 24, 25, 30, 32)}`
      case 2:
        return `${formatAddress(parseAddress(v6()) ?? { family: 6, value: 1n })}/${pick(0, 7, 10, 32, 48, 64, 127, 128)}`
      case 3: {
        const [a, b] = [address(), address()].toSorted((x, y) => (x.value < y.value ? -1 : 1))
        return a !== undefined && b !== undefined && a.family === b.family ? `${formatAddress(a)}-${formatAddress(b)}` : v4()
      }
      default:
        return formatAddress(address())
    }
  }
  const until = (): { until?: string } =>
    oneIn(5) ? { until: pick('2029-12-31T23:59:59Z', '2030-01-01T00:00:00Z', '2030-01-01T00:00:01Z', '2031-01-01T00:00:00+02:00') } : {}
  const rule = () => ({ action: pick('allow', 'deny'), from: source(), ...until() }) as const
  for (let n = 0; n < RULE_SETS; n++) {
    const lists: AccessList[] = [
      { id: 'a', rules: Array.from({ length: below(4) }, rule) },
      { id: 'b', rules: Array.from({ length: below(3) }, rule) },
    ]
    const rules: AccessRule[] = Array.from({ length: below(9) }, () => (oneIn(5) ? { list: pick('a', 'b'), ...until() } : rule()))
    const access = { rules, ...(oneIn(3) ? { default: pick('allow', 'deny') } : {}) }
    const compiled = atOnce(compileAccess(access, lists, surroundings))
    for (let asked = 0; asked < ADDRESSES; asked++) {
      const client = address()
      const verdict = compiled.decide(client, NOW)
      if (verdict !== decideNaively(access, lists, client))
        expect.fail(`${formatAddress(client)}: ${verdict} by ${JSON.stringify({ access, lists })}`)
      if ((compiled.ruleFor(client, NOW)?.action ?? compiled.otherwise) !== verdict)
        expect.fail(`the deciding rule of ${formatAddress(client)} says otherwise: ${JSON.stringify({ access, lists })}`)
    }
  }
})
