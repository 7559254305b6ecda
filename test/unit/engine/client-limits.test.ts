import { expect, test } from 'vitest'
import { parseAddress, parseClient } from '../../../proxy/contract/address'
import { parsePasswordHash } from '../../../proxy/contract/password-hash'
import { AutoBlocks } from '../../../proxy/engine/gate/auto-blocks'
import { clientKey, clientName } from '../../../proxy/engine/access/client-key'
import { parseBasic, Passwords } from '../../../proxy/engine/gate/passwords'
import { RecentClients } from '../../../proxy/engine/gate/recent-clients'
import { TokenBuckets } from '../../../proxy/engine/gate/token-buckets'
import { Strikes } from '../../../proxy/engine/gate/strikes'
import { hashPassword } from '../../../proxy/host/hash-password'

const address = (text: string) => parseAddress(text) ?? expect.fail(text)

test('a client is its IPv4 address, or its /64 network', () => {
  expect(clientKey(address('2001:db8::1'))).toBe(clientKey(address('2001:db8::ffff:1')))
  expect(clientKey(address('2001:db8:0:1::1'))).not.toBe(clientKey(address('2001:db8::1')))
  expect(clientKey(address('0.0.0.1'))).not.toBe(clientKey(address('::1')))
  expect(['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201', '64:ff9b::192.0.2.1'].map((text) => clientKey(address(text)))).toEqual(
    Array.from({ length: 4 }, () => clientKey(address('192.0.2.1'))),
  )
  expect(['192.0.2.1', '::ffff:192.0.2.1', '64:ff9b::192.0.2.1', '2001:db8:0:1::9', 'somebody'].map(clientName)).toEqual([
    '192.0.2.1',
    '192.0.2.1',
    '192.0.2.1',
    '2001:db8:0:1::/64',
    'somebody',
  ])
})

test('who changes addresses within an IPv6 network is blocked with it, and a neighbour who must never be blocked is not', () => {
  const changes: string[] = []
  const blocks = new AutoBlocks({
    isSpared: ({ value }) => value === address('2001:db8::7').value,
    onChange: (kind, block) => void changes.push(`${kind} ${block.address}`),
  })
  const settings = { enabled: true, refusals: 3, within: 1_000, for: 5_000 }
  for (const text of ['2001:db8::1', '2001:db8::2', '2001:db8::3']) blocks.strike(address(text), text, 0, settings)
  const found = ['2001:db8::99', '2001:db8::7', '2001:db8:0:1::1'].map((text) => blocks.find(address(text), 1)?.address ?? null)
  expect(found).toEqual(['2001:db8::/64', null, null])
  expect(blocks.end(parseClient('2001:db8::/64') ?? expect.fail(), 2)).toBe(true)
  expect(changes).toEqual(['blocked 2001:db8::/64', 'unblocked 2001:db8::/64'])
})

test('an IPv6 client is one among those who were let in lately, however many addresses it has', () => {
  const recent = new RecentClients()
  const first = recent.saw('wiki', address('2001:db8::1'), '2001:db8::1', 0, null)
  recent.saw('wiki', address('2001:db8::2'), '2001:db8::2', 1, first)
  recent.saw('wiki', address('2001:db8:0:1::1'), '2001:db8:0:1::1', 2, null)
  expect(recent.list(3).map(({ address: client, requests }) => `${client} ${requests}`)).toEqual(['2001:db8::2 2', '2001:db8:0:1::1 1'])
})

test('a bucket lets through its burst at once and its rate after that, and says how long to wait', () => {
  const buckets = new TokenBuckets()
  buckets.update({ requests: 5, per: 1_000, burst: 5 })
  expect(Array.from({ length: 7 }, () => buckets.take(1n, 0))).toEqual([0, 0, 0, 0, 0, 200, 200])
  expect([buckets.take(1n, 200), buckets.take(1n, 200), buckets.take(2n, 200)]).toEqual([0, 200, 0])
  let passed = 0
  for (let now = 200; now < 10_200; now += 10) if (buckets.take(1n, now) === 0) passed += 1
  expect(passed).toBeGreaterThanOrEqual(49)
  expect(passed).toBeLessThanOrEqual(50)
})

test('buckets of many clients are bounded, and those that are used up are not forgotten for new ones', () => {
  const buckets = new TokenBuckets()
  buckets.update({ requests: 1, per: 86_400_000, burst: 2 })
  for (let n = 0; n < 3; n++) buckets.take(0n, 0)
  for (let n = 1n; n < 19_999n; n++) buckets.take(n, 0)
  expect(buckets.take(0n, 1)).toBeGreaterThan(0)
})

test('a client that is refused again and again is blocked for a while; one that is spared never is', () => {
  const changes: string[] = []
  const blocks = new AutoBlocks({
    isSpared: ({ value }) => value === 1n,
    onChange: (kind, block) => void changes.push(`${kind} ${block.address}`),
  })
  const settings = { enabled: true, refusals: 3, within: 1_000, for: 5_000 }
  const client = address('203.0.113.9')
  for (const now of [0, 500, 1_500]) blocks.strike(client, '203.0.113.9', now, settings)
  expect(blocks.find(client, 1_500)).toBeNull()
  for (const now of [1_600, 1_700]) blocks.strike(client, '203.0.113.9', now, settings)
  expect(blocks.find(client, 6_699)?.reason).toBe('refused 3 times within 1 s')
  expect(blocks.find(client, 6_700)).toBeNull()
  for (let n = 0; n < 9; n++) blocks.strike(address('0.0.0.1'), '0.0.0.1', 10_000, settings)
  for (let n = 0; n < 9; n++) blocks.strike(client, '203.0.113.9', 10_000, { ...settings, enabled: false })
  expect(blocks.list(10_000)).toEqual([])
  for (let n = 0; n < 3; n++) blocks.strike(client, '203.0.113.9', 20_000, settings)
  expect([blocks.end(client, 20_001), blocks.end(client, 20_001), blocks.find(client, 20_001)]).toEqual([true, false, null])
  expect(changes).toEqual(['blocked 203.0.113.9', 'blocked 203.0.113.9', 'unblocked 203.0.113.9'])
})

test('a block is forgotten once it is over, though its client never comes again', () => {
  const blocks = new AutoBlocks({ isSpared: () => false, onChange: () => undefined })
  const settings = { enabled: true, refusals: 2, within: 1_000, for: 5_000 }
  const strike = (text: string, at: number): void => {
    for (let n = 0; n < 2; n++) blocks.strike(address(text), text, at, settings)
  }
  for (let n = 0; n < 100; n++) strike(`203.0.113.${n}`, 100_000)
  strike('198.51.100.1', 150_000)
  blocks.forgetEnded(151_000)
  expect([blocks.size, blocks.list(151_000).map(({ address: client }) => client)]).toEqual([1, ['198.51.100.1']])
})

test('however many are blocked, no more is kept than fits, and who goes on coming stays blocked', () => {
  const blocks = new AutoBlocks({ isSpared: () => false, onChange: () => undefined })
  const settings = { enabled: true, refusals: 1, within: 1_000, for: 3_600_000 }
  const first = address('203.0.113.9')
  blocks.strike(first, '203.0.113.9', 0, settings)
  for (let n = 0; n < 300_000; n++) {
    blocks.strike({ family: 4, value: BigInt(n) }, String(n), 0, settings)
    if (n % 40_000 === 0) expect(blocks.find(first, 1)).not.toBeNull()
  }
  expect(blocks.size).toBeLessThanOrEqual(100_000)
})

/** How much longer `work` takes with a full table than with an empty one; each is given clients that it has not met. */
function timesLonger(work: (client: number) => void, fill: number): number {
  const time = (from: number, count: number): number => {
    const began = performance.now()
    for (let client = from; client < from + count; client++) work(client)
    return performance.now() - began
  }
  const empty = time(0, 2_000)
  time(2_000, fill)
  return time(2_000 + fill, 2_000) / empty
}

const SWIFT = { enabled: true, refusals: 1, within: 1_000, for: 3_600_000 }
const recentOf = new RecentClients()
const bucketsOf = new TokenBuckets()
bucketsOf.update({ requests: 1, per: 86_400_000, burst: 2 })
const strikesOf = new Strikes()
const blocksOf = new AutoBlocks({ isSpared: () => false, onChange: () => undefined })

test.each<[string, (client: number) => void]>([
  ['who was let in', (client) => void recentOf.saw('wiki', null, `client ${client}`, client, null)],
  ['how many requests each may make', (client) => void bucketsOf.take(BigInt(client), client)],
  ['who did something wrong', (client) => void strikesOf.add(BigInt(client), 0, 60_000)],
  ['who is blocked', (client) => blocksOf.strike({ family: 4, value: BigInt(client) }, '', 0, SWIFT)],
])('a new client costs the same where the table of %s is full', (_, table) => {
  expect(timesLonger(table, 110_000)).toBeLessThan(10)
})

test('a client whose one connection goes on is not forgotten for others', () => {
  const recent = new RecentClients(10)
  let own = recent.saw('wiki', null, '10.0.0.1', 0, null)
  for (let n = 1; n <= 100; n++) {
    recent.saw('wiki', null, `10.0.1.${n}`, n * 5_000, null)
    own = recent.saw('wiki', null, '10.0.0.1', n * 5_000, own)
  }
  expect(recent.list(500_000).find(({ address: client }) => client === '10.0.0.1')?.requests).toBe(101)
  expect(recent.list(500_000).length).toBeLessThanOrEqual(20)
})

test('an engine goes on with what the one before it has blocked, for as long as was left, and hands it on', () => {
  const changes: string[] = []
  const blocks = new AutoBlocks({ isSpared: () => false, onChange: (kind, block) => void changes.push(`${kind} ${block.address}`) })
  const handed = [
    { address: '203.0.113.9', since: 1_000, rest: 5_000, reason: 'refused often' },
    { address: '2001:db8:0:1::/64', since: 2_000, rest: 9_000, reason: 'refused often' },
  ]
  blocks.goOn(handed, 10_000)
  blocks.goOn(
    [
      { address: '203.0.113.9', since: 1_000, rest: 60_000, reason: 'later' },
      { ...handed[0], address: 'nobody', since: 0, rest: 1, reason: '' },
    ],
    10_000,
  )
  expect(blocks.toHand(12_000).map(({ address: client, since, rest }) => [client, since, rest])).toEqual([
    ['203.0.113.9', 1_000, 3_000],
    ['2001:db8:0:1::/64', 2_000, 7_000],
  ])
  const neighbour = address('2001:db8:0:1::77')
  expect([blocks.find(neighbour, 18_999)?.since, blocks.find(neighbour, 19_000)]).toEqual([2_000, null])
  expect([blocks.find(address('203.0.113.9'), 14_999)?.reason, blocks.find(address('203.0.113.9'), 15_000)]).toEqual([
    'refused often',
    null,
  ])
  expect(changes).toEqual([])
})

test('who was let in is known for an hour', () => {
  const recent = new RecentClients()
  const first = recent.saw('wiki', address('10.0.0.1'), '10.0.0.1', 0, null)
  recent.saw('wiki', address('10.0.0.1'), '10.0.0.1', 10, first)
  recent.saw('wiki', address('10.0.0.2'), '10.0.0.2', 20, first)
  expect(recent.list(3_600_005).map(({ address: client, requests }) => `${client} ${requests}`)).toEqual(['10.0.0.1 2', '10.0.0.2 1'])
  expect(recent.list(3_600_015).map(({ address: client }) => client)).toEqual(['10.0.0.2'])
})

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

test('what a client sends to sign in is read as RFC 7617 has it', () => {
  expect(parseBasic(basic('anna:geheim:mit:Doppelpunkt'))).toEqual({ user: 'anna', password: 'geheim:mit:Doppelpunkt' })
  expect(parseBasic(basic('jörg:grün').replace('Basic', 'basic '))).toEqual({ user: 'jörg', password: 'grün' })
  expect([parseBasic(basic('nocolon')), parseBasic('Bearer x'), parseBasic('Basic'), parseBasic('Basic !!!')]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test('a password is checked against its hash, known for a while, and a user that is not there is nobody', async () => {
  const passwords = new Passwords()
  const users = [{ name: 'anna', hash: await hashPassword('geheim') }]
  const check = (user: string, password: string) => new Promise((resolve) => passwords.check(users, { user, password }, 0, resolve))
  expect(await Promise.all([check('anna', 'geheim'), check('anna', 'Geheim'), check('bert', 'geheim'), check('', '')])).toEqual([
    true,
    false,
    false,
    false,
  ])
  expect([
    passwords.isKnown(users, { user: 'anna', password: 'geheim' }, 1),
    passwords.isKnown(users, { user: 'anna', password: 'Geheim' }, 1),
    passwords.isKnown(users, { user: 'anna', password: 'geheim' }, 400_000),
  ]).toEqual([true, false, false])
  const changed = [{ name: 'anna', hash: await hashPassword('neu') }]
  expect(passwords.isKnown(changed, { user: 'anna', password: 'geheim' }, 1)).toBe(false)
})

test.each([
  'scrypt$16384$8$1$c2FsdHNhbHRzYWx0$a2V5',
  'scrypt$100$8$1$c2FsdHNhbHRzYWx0$a2V5a2V5a2V5a2V5a2V5a2V5',
  'scrypt$33554432$8$1$c2FsdHNhbHRzYWx0$a2V5a2V5a2V5a2V5a2V5a2V5',
  'plain',
  '$2y$10$abcdefghijklmnopqrstuv',
])('%s is no hash that may be checked', (text) => {
  expect(parsePasswordHash(text)).toBeNull()
})
