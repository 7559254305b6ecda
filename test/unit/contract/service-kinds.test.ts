import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../proxy/contract/parse'

const LISTENERS = [
  { id: 'web', port: 80 },
  { id: 'alt', port: 8080 },
  { id: 'tcp', port: 3390, protocol: 'tcp' },
  { id: 'udp', port: 53, protocol: 'udp' },
]

function issues(...services: object[]): string[] {
  const parsed = parseConfig({ version: 1, listeners: LISTENERS, services })
  return parsed.ok ? [] : parsed.issues.map(({ path, message }) => `${path}: ${message}`)
}

const tcp = (id: string, more: object = {}): object => ({ id, type: 'tcp', backends: [{ id: 'a', url: 'tcp://10.0.0.1:22' }], ...more })

describe('what each kind of service is taken with', () => {
  test.each<[string, object]>([
    ['files', { id: 'f', type: 'files', root: '/srv/manuals', listing: true, index: ['index.html'], hosts: ['files.office.lan'] }],
    ['files on Windows', { id: 'f', type: 'files', root: 'D:\\Manuals', fallback: 'index.html' }],
    ['a redirect', { id: 'r', type: 'redirect', hosts: ['intranet'], to: 'https://wiki.office.lan', status: 308 }],
    [
      'tcp',
      {
        id: 't',
        type: 'tcp',
        listeners: ['tcp'],
        backends: [{ id: 'pc', url: 'tcp://192.168.1.50:3389' }],
        health: { expect: 'rdp' },
        lockdown: { proxyProtocol: 'v2' },
      },
    ],
    ['udp', { id: 'u', type: 'udp', backends: [{ id: 'ns', url: 'udp://192.168.1.53:53' }], lockdown: { network: true } }],
    [
      'http with a secret',
      {
        id: 'h',
        backends: [{ id: 'a', url: 'http://10.0.0.1' }],
        lockdown: { secretHeader: { name: 'X-AstroRelay-Key', value: 'a-secret' }, proxyProtocol: 'off', clientCertificate: null },
      },
    ],
  ])('%s', (_, service) => expect(issues(service)).toEqual([]))
})

describe('what is refused, by place and with what to do', () => {
  test.each<[string, object, string]>([
    ['files without a folder', { id: 'f', type: 'files' }, 'services[0].root: name the folder to host, such as /srv/manuals'],
    [
      'a folder that is no full path',
      { id: 'f', type: 'files', root: 'manuals' },
      'services[0].root: write the full path of a folder, such as /srv/manuals or C:\\Manuals',
    ],
    ['a whole drive', { id: 'f', type: 'files', root: 'C:\\' }, 'services[0].root: choose a folder, not a whole drive'],
    [
      'files with backends',
      { id: 'f', type: 'files', root: '/srv', backends: [] },
      'services[0].backends: a files service has no “backends”; remove it',
    ],
    ['a redirect to nowhere', { id: 'r', type: 'redirect' }, 'services[0].to: say where to, such as https://wiki.office.lan'],
    [
      'a redirect to a script',
      { id: 'r', type: 'redirect', to: 'javascript:alert(1)' },
      'services[0].to: write a full address without ? and #, such as https://wiki.office.lan',
    ],
    [
      'a redirect to itself',
      { id: 'r', type: 'redirect', hosts: ['x.test'], to: 'http://x.test' },
      'services[0].to: this leads back to the same address; send visitors to another one',
    ],
    [
      'a redirect to below itself',
      { id: 'r', type: 'redirect', hosts: ['x.test'], path: '/old', to: 'http://x.test:8080/old/new' },
      'services[0].to: this leads back to the same address; send visitors to another one',
    ],
    [
      'udp by http checks',
      { id: 'u', type: 'udp', backends: [{ id: 'a', url: 'udp://10.0.0.1:53' }], health: { type: 'http' } },
      'services[0].health.path: an http check needs a path, such as "/"',
    ],
    [
      'udp with a secret header',
      { id: 'u', type: 'udp', backends: [{ id: 'a', url: 'udp://10.0.0.1:53' }], lockdown: { secretHeader: { value: 'a-secret' } } },
      'services[0].lockdown.secretHeader: a udp service has no “lockdown.secretHeader”; remove it',
    ],
    [
      'a secret in a header that has a meaning',
      {
        id: 'h',
        backends: [{ id: 'a', url: 'http://10.0.0.1' }],
        lockdown: { secretHeader: { name: 'X-Forwarded-For', value: 'a-secret' } },
      },
      'services[0].lockdown.secretHeader.name: this header has a meaning of its own; use one that nobody else sends, such as X-AstroRelay-Key',
    ],
  ])('%s', (_, service, expected) => expect(issues(service)[0]).toBe(expected))

  test('a redirect to another name, port or path of the gateway is none', () => {
    expect(
      issues(
        { id: 'r', type: 'redirect', hosts: ['x.test'], path: '/old', to: 'http://x.test/new' },
        { id: 's', type: 'redirect', hosts: ['y.test'], to: 'http://y.test:9999' },
        { id: 't', type: 'redirect', hosts: ['z.test'], to: 'https://z.test' },
      ),
    ).toEqual([])
  })

  test('two services of one port are told in words that fit them', () => {
    expect(issues(tcp('one'), tcp('two'))).toEqual([
      'services[1].hosts[0]: “one” already has this port; use another port, or give both TLS names',
    ])
    expect(issues(tcp('one', { hosts: ['a.test'] }), tcp('two', { hosts: ['b.test'] }))).toEqual([])
  })

  test('a PROXY header in datagrams is none', () => {
    const parsed = parseConfig({ version: 1, listeners: [{ id: 'udp', port: 53, protocol: 'udp', proxyProtocol: true }] })
    expect(parsed.ok ? [] : parsed.issues).toEqual([
      { path: 'listeners[0].proxyProtocol', message: 'datagrams carry no PROXY header; leave it out' },
    ])
  })
})
