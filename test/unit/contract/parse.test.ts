import { describe, expect, test } from 'vitest'
import { formatIssue } from '../../../proxy/contract/issue'
import { parseConfig } from '../../../proxy/contract/parse'

const web = { id: 'web', address: '0.0.0.0', port: 8080 }
const service = { id: 'wiki', name: 'Office wiki', backends: [{ id: 'main', url: 'http://192.168.1.20:8080' }] }

/** What is wrong with a document, as `astrorelay check` prints it. */
function issues(document: unknown, surroundings?: Parameters<typeof parseConfig>[1]): string[] {
  const parsed = parseConfig(document, surroundings)
  return parsed.ok ? [] : parsed.issues.map(formatIssue)
}

function withService(change: object): unknown {
  return { version: 1, listeners: [web], services: [{ ...service, ...change }] }
}

function back(url: string): unknown {
  return withService({ backends: [{ id: 'main', url }] })
}

describe('a document that is valid', () => {
  test('is kept as written, with every default in the parsed form', () => {
    const parsed = parseConfig(withService({}))
    if (!parsed.ok) throw new Error(parsed.issues.map(formatIssue).join('\n'))
    expect(parsed.document).toEqual(withService({}))
    expect(parsed.config.services[0]).toMatchObject({
      hosts: ['*'],
      path: '/',
      enabled: true,
      timeouts: { connect: 3_000, tunnel: 3_600_000 },
      health: { interval: 5_000 },
    })
    expect(parsed.config.services[0]?.backends[0]).toMatchObject({ weight: 1, role: 'primary', tls: { verify: true } })
    expect(parsed.config.settings.limits).toEqual({
      headerBytes: 32_768,
      answerHeaderBytes: 32_768,
      buffers: 268_435_456,
      connections: 10_000,
      connectionsPerClient: 256,
    })
  })

  test('may be nothing but a version', () => {
    expect(issues({ version: 1 })).toEqual([])
  })
})

describe('a document that is not valid says where and what to do', () => {
  test.each<[string, unknown, string]>([
    [
      'a bad URL',
      withService({ backends: [{ id: 'main', url: 'wiki:80' }] }),
      'services[0].backends[0].url: start with http:// or https://, as in http://192.168.1.20:8080',
    ],
    [
      'no URL',
      withService({ backends: [{ id: 'main' }] }),
      'services[0].backends[0].url: give the address of the backend, such as http://192.168.1.20:8080',
    ],
    ['no backend', withService({ backends: [] }), 'services[0].backends: add at least one backend'],
    [
      'only backups',
      withService({ backends: [{ id: 'b', url: 'http://b', role: 'backup' }] }),
      'services[0].backends: make one backend primary',
    ],
    ['port 0', { version: 1, listeners: [{ ...web, port: 0 }] }, 'listeners[0].port: choose a port from 1 to 65535'],
    ['port 70000', { version: 1, listeners: [{ ...web, port: 70_000 }] }, 'listeners[0].port: choose a port from 1 to 65535'],
    [
      'a port as text',
      { version: 1, listeners: [{ ...web, port: '80' }] },
      'listeners[0].port: write the port as a number from 1 to 65535',
    ],
    [
      'a duplicate service id',
      { version: 1, listeners: [web], services: [service, { ...service, hosts: ['other'] }] },
      'services[1].id: the id “wiki” is already used by services[0]; choose another',
    ],
    [
      'a duplicate backend id',
      withService({ backends: [service.backends[0], service.backends[0]] }),
      'services[0].backends[1].id: the id “main” is already used by services[0].backends[0]; choose another',
    ],
    [
      'a duplicate port',
      { version: 1, listeners: [web, { ...web, id: 'two' }] },
      'listeners[1].port: listener “web” already uses port 8080; choose another port',
    ],
    [
      'a taken host',
      { version: 1, listeners: [web], services: [service, { ...service, id: 'two', name: 'Two' }] },
      'services[1].hosts[0]: “Office wiki” already answers any host on this listener; choose another name, add a path, or use a port of its own',
    ],
    [
      'a taken host and path',
      {
        version: 1,
        listeners: [web],
        services: [
          { ...service, path: '/a', hosts: ['Wiki.lan'] },
          { ...service, id: 'two', path: '/a/', hosts: ['wiki.lan.'] },
        ],
      },
      'services[1].hosts[0]: “Office wiki” already answers wiki.lan/a on this listener; choose another name, add a path, or use a port of its own',
    ],
    [
      'a port shared by two spellings of an address',
      {
        version: 1,
        listeners: [
          { ...web, address: '::1' },
          { ...web, id: 'two', address: '0:0:0:0:0:0:0:1' },
        ],
      },
      'listeners[1].port: listener “web” already uses port 8080; choose another port',
    ],
    [
      'a path in percent-encoding',
      withService({ path: '/%71' }),
      'services[0].path: write the path plainly, without //, /./ or percent-encoded letters, digits, slashes and dots',
    ],
    [
      'a header that frames messages',
      withService({ headers: { request: { set: { 'Content-Length': '1' } } } }),
      'services[0].headers.request.set.Content-Length: Content-Length is set by AstroRelay itself; leave it out',
    ],
    ['an unknown listener', withService({ listeners: ['secure'] }), 'services[0].listeners[0]: there is no listener “secure”'],
    [
      'an unknown access list',
      withService({ access: { rules: [{ list: 'partners' }] } }),
      'services[0].access.rules[0].list: there is no access list “partners”',
    ],
    [
      'a bad address',
      withService({ access: { rules: [{ action: 'allow', from: '10.0.0.0/33' }] } }),
      'services[0].access.rules[0].from: “10.0.0.0/33” is no address, block such as 192.168.1.0/24, range such as 10.0.0.5-10.0.0.20, or one of loopback, this-network, lan, vpn, anyone',
    ],
    [
      'a time-out as number',
      withService({ timeouts: { connect: 3 } }),
      'services[0].timeouts.connect: write a duration as text, such as "5s"',
    ],
    ['a bad size', withService({ maxBody: '1XB' }), 'services[0].maxBody: write a size such as 512KB, 10MB or 1GB'],
    [
      'a check slower than its interval',
      withService({ health: { interval: '1s', timeout: '2s' } }),
      'services[0].health.timeout: choose a time-out that is not longer than the interval',
    ],
    ['another version', { version: 2 }, 'version: use 1, the version of this format'],
    [
      'a feature that is not there yet',
      withService({ https: {} }),
      'services[0].https: AstroRelay cannot do this yet (HTTPS for clients); remove this key',
    ],
  ])('%s', (_name, document, expected) => {
    expect(issues(document)).toEqual([expected])
  })

  test('an unknown key is named, at any depth', () => {
    expect(issues(withService({ acces: {} }))[0]).toMatch(/^services\[0\]\.acces: unknown key; known here: id, name, /)
    expect(issues(JSON.parse('{"version":1,"__proto__":{}}'))[0]).toMatch(/^__proto__: unknown key; /)
    expect(issues({ version: 1, colour: 'red' })[0]).toMatch(/^colour: unknown key; known here: .*listeners/)
  })

  test.each([null, 7, 'text', []])('a document that is no object: %j', (document) => {
    expect(issues(document)).toEqual(['write an object { … } here'])
  })

  test('every fault is told, not the first alone', () => {
    expect(
      issues({ version: 1, listeners: [{ ...web, port: 0 }], services: [{ ...service, backends: [{ id: 'main', url: 'x' }] }] }),
    ).toHaveLength(2)
  })
})

describe('a backend that leads back to the gateway', () => {
  const here = { ownAddresses: ['192.168.1.5', 'fd00::5'], ownNames: ['relay-pc'], consolePort: 7070 }

  test.each([
    'http://localhost:8080',
    'http://127.0.0.1:8080',
    'http://127.9.9.9:8080',
    'http://0.0.0.0:8080',
    'http://192.168.1.5:8080',
    'https://relay.localhost:8080',
    'http://ip6-localhost:8080',
    'http://relay-pc:8080',
    'http://[::ffff:127.0.0.1]:8080',
  ])('%s is a loop', (url) => {
    expect(issues(back(url), here)).toEqual([
      'services[0].backends[0].url: this points back to AstroRelay itself (listener “web”); enter the address of the program behind it',
    ])
  })

  test('so is the console', () => {
    expect(issues(back('http://127.0.0.1:7070'), here)[0]).toMatch(/console, which stays on this machine/)
  })

  test.each(['http://127.0.0.1:8081', 'http://192.168.1.6:8080', 'http://[::1]:8080'])('%s is not', (url) => {
    expect(issues(back(url), here)).toEqual([])
  })
})
