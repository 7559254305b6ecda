import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { isSecretHeader, MASK } from '../../../proxy/contract/config/secret'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { masked } from '../../../proxy/contract/secrets'
import { unmasked } from '../../../proxy/host/lockdown/secrets'
import { maskIssues } from '../../../proxy/host/secrets'

const backends = [{ id: 'a', url: 'http://10.0.0.1:80' }]
const wiki: ServiceDocument = {
  id: 'wiki',
  name: 'Wiki',
  backends,
  basicAuth: {
    users: [
      { name: 'anna', hash: 'hash of anna' },
      { name: 'bert', hash: 'hash of bert' },
      { name: 'carl', hash: 'hash of carl' },
    ],
  },
  headers: {
    request: { set: { Authorization: 'Basic a-secret', 'X-Api-Key': 'key', 'X-Team': 'wiki' } },
    response: { set: { 'Cache-Control': 'no-store' } },
  },
}
const folder: ServiceDocument = { id: 'files', type: 'files', root: '/srv', basicAuth: { users: [{ name: 'anna', hash: 'other hash' }] } }
const current: ConfigDocument = { version: 1, services: [wiki, folder] }

/** The document as a client got it, whose services and users it changes. */
function shown(): { wiki: ServiceDocument; folder: ServiceDocument; users: { name: string; hash: string }[] } {
  const [first, second] = (masked(current) as ConfigDocument).services ?? []
  if (first?.basicAuth === undefined || second === undefined) return expect.fail('no services')
  return { wiki: first, folder: second, users: first.basicAuth.users }
}
const saved = (...services: ServiceDocument[]): ServiceDocument[] =>
  (unmasked({ version: 1, services }, current).document as ConfigDocument).services ?? []
const hashes = (service: ServiceDocument | undefined): string[] =>
  service?.basicAuth?.users.map(({ name, hash }) => `${name}: ${hash}`) ?? []

test('hashes, and headers that let somebody in, are masked; the rest can be read', () => {
  expect(shown().users).toEqual(['anna', 'bert', 'carl'].map((name) => ({ name, hash: MASK })))
  expect(shown().wiki.headers).toEqual({
    request: { set: { Authorization: MASK, 'X-Api-Key': MASK, 'X-Team': 'wiki' } },
    response: { set: { 'Cache-Control': 'no-store' } },
  })
})

test('what is saved as it was shown is what it was', () => {
  expect(unmasked(masked(current), current)).toEqual({ document: current, notes: [] })
})

test('users and services that change places keep their secrets', () => {
  const { wiki: first, folder: second, users } = shown()
  const [files, moved] = saved(second, { ...first, basicAuth: { users: users.toReversed() } })
  expect(hashes(moved)).toEqual(['carl: hash of carl', 'bert: hash of bert', 'anna: hash of anna'])
  expect(hashes(files)).toEqual(['anna: other hash'])
})

test('a user, a header and a service keep their secrets under another name', () => {
  const { wiki: first, folder: second, users } = shown()
  const renamed: ServiceDocument = {
    ...first,
    id: 'docs',
    hosts: ['docs.test'],
    basicAuth: { users: users.map((user) => (user.name === 'bert' ? { ...user, name: 'berta' } : user)) },
    headers: { request: { set: { Authorization: MASK, 'X-Auth-Key': MASK } } },
  }
  const [service, files] = saved(renamed, { ...second, id: 'share' })
  expect(hashes(service)).toEqual(['anna: hash of anna', 'berta: hash of bert', 'carl: hash of carl'])
  expect(service?.headers?.request?.set).toEqual({ Authorization: 'Basic a-secret', 'X-Auth-Key': 'key' })
  expect(hashes(files)).toEqual(['anna: other hash'])
})

test('the name of a header is the same in whatever letters', () => {
  const [service] = saved({ ...shown().wiki, headers: { request: { set: { AUTHORIZATION: MASK } } } })
  expect(service?.headers?.request?.set).toEqual({ AUTHORIZATION: 'Basic a-secret' })
})

test('a copy has the secrets of its model, and a folder’s copy too', () => {
  const { wiki: first, folder: second } = shown()
  const services = saved(first, second, { ...first, id: 'wiki-2', name: 'Copy' }, { ...second, id: 'files-2', path: '/copy' })
  expect(services.map(hashes)).toEqual([hashes(wiki), hashes(folder), hashes(wiki), hashes(folder)])
})

test('a new value is taken, whatever is beside it', () => {
  const { wiki: first, users } = shown()
  const [service] = saved({ ...first, basicAuth: { users: users.map((user) => (user.name === 'bert' ? { ...user, hash: 'new' } : user)) } })
  expect(hashes(service)).toEqual(['anna: hash of anna', 'bert: new', 'carl: hash of carl'])
})

test('a mask that stands for nothing is told by its place, and nobody else’s secret is taken', () => {
  const { wiki: first, users } = shown()
  const document = {
    version: 1,
    services: [
      { ...first, basicAuth: { users: [...users, { name: 'dora', hash: MASK }] } },
      {
        id: 'new',
        backends: [{ id: 'a', url: 'http://10.9.9.9:80' }],
        headers: { request: { set: { Authorization: MASK, 'X-Foo': MASK } } },
      },
    ],
  }
  expect(maskIssues(unmasked(document, current).document).map(({ path }) => path)).toEqual([
    'services[0].basicAuth.users[3].hash',
    'services[1].headers.request.set.Authorization',
    'services[1].headers.request.set.X-Foo',
  ])
})

test('a secret of an earlier revision comes back with what was taken out', () => {
  const asked: string[] = []
  const { document } = unmasked({ version: 1, services: [shown().wiki] }, { version: 1, services: [] }, (place) => {
    asked.push(place)
    return `earlier ${asked.length}`
  })
  expect(asked[0]).toBe('["services","wiki","basicAuth","users","anna","hash"]')
  expect(maskIssues(document)).toEqual([])
})

test.each([
  ['Authorization', 'anything'],
  ['proxy-authorization', 'anything'],
  ['Cookie', 'a=b'],
  ['Set-Cookie', 'a=b'],
  ['X-Api-Key', 'k'],
  ['apikey', 'k'],
  ['X-Plex-Token', 'k'],
  ['Private-Token', 'k'],
  ['CF-Access-Client-Secret', 'k'],
  ['X-Vault-Token', 'k'],
  ['Ocp-Apim-Subscription-Key', 'k'],
  ['X-Amz-Signature', 'k'],
  ['X-Forwarded-Password', 'k'],
  ['X-Whatever', 'Bearer abc'],
  ['X-Whatever', 'eyJhbGciOi.eyJzdWIi.c2ln'],
  ['X-Whatever', '9f86d081884c7d659a2feaa0c55ad015'],
  ['X-Upstream', 'http://anna:geheim@10.0.0.1/'],
])('%s: %s is a secret', (name, value) => {
  expect(isSecretHeader(name, value)).toBe(true)
})

test.each([
  ['X-Team', 'wiki'],
  ['X-Forwarded-Proto', 'https'],
  ['Cache-Control', 'no-store'],
  ['Content-Security-Policy', "default-src 'none'"],
  ['Strict-Transport-Security', 'max-age=31536000;includeSubDomains;preload'],
  ['X-Frame-Options', 'DENY'],
  ['Access-Control-Allow-Origin', '*'],
  ['User-Agent', 'AstroRelay/1.0'],
  ['X-Keyboard', 'qwerty'],
])('%s: %s is none', (name, value) => {
  expect(isSecretHeader(name, value)).toBe(false)
})

test('keys that name an object’s prototype are keys like others', () => {
  const odd: unknown = JSON.parse('{"services":[{"__proto__":{"a":1},"headers":{"request":{"set":{"__proto__":"x","constructor":"y"}}}}]}')
  expect(JSON.stringify(masked(odd))).toBe(JSON.stringify(odd))
})
