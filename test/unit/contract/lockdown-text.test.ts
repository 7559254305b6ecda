import { describe, expect, test } from 'vitest'
import { lockdownTexts } from '../../../proxy/contract/lockdown-text'
import type { LockdownFacts, LockdownMethod } from '../../../proxy/contract/lockdown-text/facts'

const V4 = ['192.168.1.10', '10.0.0.7']
const V6 = ['fd00::10', '2001:db8::7']
const SECRETS = ['Zm9v-YmFy_0', 'c2Vjb25k-_1']
const METHODS: readonly LockdownMethod[] = ['secret', 'proxy', 'network']
const FIREWALLS = ['nftables', 'ufw', 'firewalld', 'windows-firewall', 'pf']

function facts(method: LockdownMethod, change: Partial<LockdownFacts> = {}): LockdownFacts {
  return { method, gateway: [...V4, ...V6], host: '192.168.1.20', port: 8417, header: 'X-AstroRelay-Key', secrets: SECRETS, ...change }
}

function textOf(id: string, given: LockdownFacts): string {
  const found = lockdownTexts(given).find((text) => text.id === id)
  if (!found) throw new Error(`no text for ${id}`)
  return found.text
}

function ids(method: LockdownMethod): readonly string[] {
  return lockdownTexts(facts(method)).map(({ id }) => id)
}

const every = METHODS.flatMap((method) => lockdownTexts(facts(method)).map((text) => ({ method, ...text })))

test('each method has the texts that fit it, each id once', () => {
  expect(ids('secret')).toEqual(['nginx', 'apache', 'caddy', 'iis', 'express', 'django', 'docker'])
  expect(ids('proxy')).toEqual(['nginx', 'apache', 'caddy', 'docker', ...FIREWALLS])
  expect(ids('network')).toEqual(['docker', ...FIREWALLS, 'nginx', 'apache', 'caddy'])
})

describe.each(every)('$method, $id', ({ method, id, name, where, text }) => {
  test('is one short sentence and a text that ends its last line', () => {
    expect(name).not.toBe('')
    expect(where).toMatch(/^\S.*\.$/)
    expect(where.length).toBeLessThan(140)
    expect(text).toMatch(/\S\n$/)
    // Windows PowerShell reads a script without a byte order mark as the machine's old code page.
    expect(text).toMatch(/^[\n -~]+$/)
    expect(`${where}${text}`).not.toMatch(/undefined|NaN|null;|\[object|please/i)
    expect(where).toContain('192.168.1.20')
  })

  test('holds the port and what the gateway is known by', () => {
    expect(text).toContain('8417')
    for (const expected of method === 'secret' && id !== 'docker' ? SECRETS : [...V4, ...V6]) expect(text).toContain(expected)
  })

  test('has no part of a family the gateway does not have', () => {
    const only4 = textOf(id, facts(method, { gateway: V4, host: 'backend' }))
    const only6 = textOf(id, facts(method, { gateway: V6, host: 'backend' }))
    expect(only4).not.toMatch(/fd00|2001:db8|\bip6\b|inet6|ipv6/)
    expect(only6).not.toMatch(/192\.168|10\.0\.0|\bip saddr\b|\binet proto\b|ipv4/)
    for (const one of [only4, only6, textOf(id, facts(method, { gateway: [] }))])
      expect(one).not.toMatch(/\{\s*\}|RemoteAddress\s+-|(saddr|from|allow|remote_ip|address=""|ipmatch)\s*$/m)
  })
})

test('an address or a secret that is given twice is written once', () => {
  expect(textOf('nginx', facts('network', { gateway: [...V4, ...V4] })).match(/10\.0\.0\.7/g)).toHaveLength(1)
  expect(textOf('nginx', facts('secret', { secrets: ['a', 'a'] })).match(/"~\^a\$"/g)).toHaveLength(1)
})

test('without any gateway address, everyone is refused rather than nobody', () => {
  const none = { gateway: [] }
  expect(textOf('nginx', facts('network', none))).toContain('default 0;\n}')
  expect(textOf('apache', facts('network', none))).toContain('<If "true">\n    Require all denied')
  expect(textOf('caddy', facts('network', none))).toContain('error "Forbidden" 403')
  expect(textOf('nftables', facts('network', none))).toContain('tcp dport 8417 drop')
  expect(textOf('ufw', facts('network', none))).toContain('deny 8417/tcp')
  expect(textOf('caddy', facts('proxy', none))).toContain('allow 0.0.0.0/32\n')
})

test('in ufw the deny is put on top before the gateway, which so ends up above it', () => {
  const commands = textOf('ufw', facts('network'))
    .split('\n')
    .filter((line) => line.startsWith('ufw'))
  expect(commands).toEqual([
    'ufw delete allow 8417/tcp',
    'ufw prepend deny 8417/tcp',
    ...[...V4, ...V6].map((address) => `ufw prepend allow from ${address} to any port 8417 proto tcp`),
  ])
})

test('in firewalld the gateway comes before the drop, and both before what the zone opens', () => {
  const priorities = [...textOf('firewalld', facts('network')).matchAll(/priority="(-?\d+)".* (accept|drop)'/g)].map(
    ([, priority, action]) => `${action} ${priority}`,
  )
  expect(priorities).toEqual(['accept -200', 'accept -200', 'accept -200', 'accept -200', 'drop -100'])
})

test('in pf every rule is quick and the last one blocks', () => {
  const rules = textOf('pf', facts('network'))
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
  expect(rules.every((rule) => / in quick /.test(rule))).toBe(true)
  expect(rules.at(-1)).toBe('block in quick proto tcp from any to any port 8417')
})

test.each([
  ['192.168.1.20', '"192.168.1.20:8417:8417"', true],
  ['[fd00::20]', '"[fd00::20]:8417:8417"', true],
  ['nas.local', '"8417:8417"', true],
  ['127.0.0.1', '"127.0.0.1:8417:8417"', false],
  ['localhost', '"127.0.0.1:8417:8417"', false],
  ['[::1]', '"[::1]:8417:8417"', false],
])('a container behind %s is published as %s', (host, published, rules) => {
  const text = textOf('docker', facts('network', { host }))
  expect(text).toContain(`- ${published}\n`)
  expect(text.includes('hook prerouting')).toBe(rules)
})

test('values with special characters stay inside their quotes', () => {
  const odd = facts('secret', { secrets: [`a"b'c\\d.e<f`] })
  expect(textOf('nginx', odd)).toContain(String.raw`"~^a\"b'c\\\\d\\.e<f$" 1;`)
  expect(textOf('apache', odd)).toContain(String.raw`'a\"b\'c\\d.e<f'`)
  expect(textOf('iis', odd)).toContain('&quot;b')
  expect(textOf('iis', odd)).toContain('e&lt;f')
  for (const id of ['caddy', 'express', 'django']) expect(textOf(id, odd)).toContain(JSON.stringify(`a"b'c\\d.e<f`))
})

test('a port of UDP has the firewalls’ texts only, and they name UDP', () => {
  const texts = lockdownTexts({ ...facts('network'), transport: 'udp' })
  expect(texts.map(({ id }) => id)).toEqual(['docker', 'nftables', 'ufw', 'firewalld', 'windows-firewall', 'pf'])
  for (const { id, text } of texts) expect([id, /udp/i.test(text), /\btcp\b/i.test(text)]).toEqual([id, true, false])
})
