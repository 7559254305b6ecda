import { expect, test } from 'vitest'
import { parseAddress, parseRange } from '../../../proxy/contract/address'
import { type AccessList, accessSchema, otherwiseOf, PRESET_BLOCKS } from '../../../proxy/contract/config/access'
import { DEFAULTS, defaultText, maxLengthOf, optionsOf, problemAt, rangeOf } from '../../../proxy/contract/config/facts'
import { HOSTED_OMITTED } from '../../../proxy/contract/config/hosted'
import { parseTarget, REDIRECT_OMITTED } from '../../../proxy/contract/config/redirect'
import { checkConfig } from '../../../proxy/contract/check'
import { configSchema } from '../../../proxy/contract/config/document'
import { atOnce } from '../../../proxy/contract/steps'
import { compileAccess } from '../../../proxy/engine/access/compile-access'
import { FIXED_PRESETS } from '../../../proxy/engine/access/presets'
import { rangeSet } from '../../../proxy/engine/access/range-set'

test('defaults, ranges, lengths and words are read from the schema', () => {
  expect(defaultText('services.health.interval')).toBe('5s')
  expect(defaultText('services.health.fall')).toBe('3')
  expect(defaultText('services.maxBody')).toBe(null)
  expect(rangeOf('listeners.port')).toEqual({ min: 1, max: 65_535 })
  expect(rangeOf('services.backends.weight')).toEqual({ min: 1, max: 100 })
  expect(maxLengthOf('services.name')).toBe(60)
  expect(optionsOf('services.balance.policy')).toContain('random-two')
  expect(DEFAULTS.service.health.interval).toBe(5_000)
  expect(problemAt('services.health.interval', '2h')).toBe('choose a duration from 1s to 1h')
  expect(problemAt('services.health.interval', '5s')).toBe(null)
})

test('a place that the schema does not have is told, not guessed', () => {
  expect(() => defaultText('services.health.intervall')).toThrow('the schema has no key services.health.intervall')
  expect(() => rangeOf('services.name')).toThrow('the schema has no range for services.name')
})

test.each(['loopback', 'lan', 'vpn', 'anyone'] as const)('the engine lets in by %s what the contract says that it is', (preset) => {
  expect(FIXED_PRESETS[preset]).toEqual(PRESET_BLOCKS[preset].map(parseRange))
})

const lists: AccessList[] = [
  { id: 'staff', rules: [{ action: 'allow', from: '10.0.0.0/8' }] },
  { id: 'scanners', rules: [{ action: 'deny', from: '203.0.113.7' }] },
]
test.each([
  ['no rules', [], 'allow'],
  ['a list that lets in', [{ list: 'staff' }], 'deny'],
  ['a list that only refuses', [{ list: 'scanners' }], 'allow'],
  ['a rule that lets in', [{ action: 'allow' as const, from: '10.0.0.1' }], 'deny'],
])('with %s, everyone else is judged as the engine does', (_, rules, expected) => {
  expect(otherwiseOf({ rules }, lists)).toBe(expected)
  const access = accessSchema.parse({ rules })
  const elsewhere = parseAddress('198.51.100.9')
  expect(
    atOnce(
      compileAccess(access, lists, {
        interfaces: { networks: rangeSet([]), named: () => rangeSet([]), isOwn: () => false, version: 0 },
        vpnInterfaces: [],
      }),
    ).decide(elsewhere, Date.now()),
  ).toBe(expected)
})

test('a target is taken apart once for schema, check and form', () => {
  expect(parseTarget('HTTP://Old.Example:8090/x')).toEqual({ secure: false, host: 'old.example', port: 8_090, path: '/x' })
  expect(parseTarget('https://[2001:db8::1]')).toEqual({ secure: true, host: '2001:db8::1', port: 443, path: '/' })
  for (const text of ['http://a.lan:0', 'http://a.lan:70000', 'ftp://a.lan', 'http://a.lan/?q']) expect(parseTarget(text)).toBe(null)
})

test('a redirect to itself is refused where its host is an IPv6 address, too', () => {
  const config = configSchema.parse({
    version: 1,
    listeners: [{ id: 'web', port: 8080 }],
    services: [{ id: 'r', type: 'redirect', hosts: ['[2001:db8::1]'], to: 'http://[2001:DB8::1]:8080/x' }],
  })
  expect(checkConfig(config).map(({ path }) => path)).toEqual(['services[0].to'])
})

test('what an omitted key means is what its description says', () => {
  expect(told('index')).toBe(`\`${JSON.stringify(HOSTED_OMITTED.index)}\``)
  expect([told('listing'), told('precompressed'), told('dotFiles')]).toEqual(
    [HOSTED_OMITTED.listing, HOSTED_OMITTED.precompressed, HOSTED_OMITTED.dotFiles].map(yesOrNo),
  )
  expect([told('status'), told('keepPath')]).toEqual([String(REDIRECT_OMITTED.status), yesOrNo(REDIRECT_OMITTED.keepPath)])
})

function told(key: 'index' | 'listing' | 'precompressed' | 'dotFiles' | 'status' | 'keepPath'): string {
  const service = configSchema.shape.services.unwrap().element
  return service.shape[key].meta()?.description?.match(/[Oo]mitted: (.*)\.$/)?.[1] ?? ''
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
