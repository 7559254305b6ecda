import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { parseConfig } from '../../../../proxy/contract/parse'
import { readAccess, writeAccess } from '../../../../renderer/features/service-form/model/access-choice'
import { buildCandidate } from '../../../../renderer/features/service-form/model/candidate'
import { draftOf, emptyDraft } from '../../../../renderer/features/service-form/model/draft'
import { completeBackendUrl, normalise, splitAddress } from '../../../../renderer/features/service-form/model/typed-address'

const office: ConfigDocument = {
  version: 1,
  listeners: [
    { id: 'web', port: 8080 },
    { id: 'port-8082', port: 8082 },
  ],
  services: [
    {
      id: 'wiki',
      name: 'Office wiki',
      listeners: ['web'],
      hosts: ['wiki.office.lan', 'xn--bcher-kva.lan'],
      path: '/docs',
      stripPath: true,
      slashRedirect: false,
      backends: [
        { id: 'main', url: 'http://192.168.1.20:8080', weight: 2 },
        { id: 'twin', url: 'https://192.168.1.21:8443', tls: { serverName: 'wiki.office.lan' } },
        { id: 'spare', url: 'https://192.168.1.30:8443', role: 'backup', tls: { verify: false, serverName: 'spare.office.lan' } },
      ],
      balance: { policy: 'least-connections' },
      health: { path: '/status', interval: '10s', rise: 3 },
      timeouts: { response: '5m' },
      maxBody: '1GB',
      access: {
        rules: [
          { action: 'deny', from: '192.168.1.66' },
          { action: 'allow', from: 'this-network' },
        ],
        default: 'deny',
      },
      headers: { host: 'backend', request: { set: { 'X-Office': 'yes' } } },
    },
    { id: 'camera', listeners: ['port-8082'], backends: [{ id: 'main', url: 'http://192.168.1.50' }] },
    { id: 'plain', backends: [{ id: 'a', url: 'http://192.168.1.51' }], hosts: ['plain.lan'] },
    {
      id: 'shop',
      hosts: ['shop.lan'],
      balance: { policy: 'random-two', sticky: { cookie: 'node' }, slowStart: '30s' },
      retry: { attempts: 1 },
      queue: { length: 5 },
      backends: [
        { id: 'new', url: 'http://192.168.1.61', maxConnections: 20, replaces: 'old' },
        { id: 'old', url: 'http://192.168.1.60', maxConnections: 20, state: 'draining' },
      ],
      health: { path: '/', body: 'Welcome' },
      timeouts: { drain: '10m' },
      alerts: { mute: true, muteUntil: '2027-01-01T00:00:00Z' },
      maintenance: {
        mode: 'on',
        title: 'Back soon',
        message: 'New shelves.',
        until: '2027-01-31T18:00:30+01:00',
        retryAfter: '1m',
        allow: ['192.168.1.7', '10.0.0.0/8'],
      },
    },
    {
      id: 'mixed',
      hosts: ['mixed.lan'],
      backends: [
        { id: 'a', url: 'http://192.168.1.71', maxConnections: 5 },
        { id: 'b', url: 'http://192.168.1.72' },
      ],
    },
  ],
}

test('opening a service and saving it untouched changes nothing', () => {
  for (const service of office.services ?? []) {
    expect(buildCandidate(office, draftOf(office, service), service.id).document).toEqual(office)
  }
})

test('what the form does not show stays in the document', () => {
  const wiki = office.services?.[0]
  if (!wiki) throw new Error('no wiki')
  const { service } = buildCandidate(office, { ...draftOf(office, wiki), name: 'Wiki', sendHost: 'preserve' }, 'wiki')
  expect(service.headers).toEqual({ host: 'preserve', request: { set: { 'X-Office': 'yes' } } })
  expect(service.access).toEqual(wiki.access)
  expect(service.backends?.[1]).toEqual(wiki.backends?.[1])
})

test('a limit for every backend, a time to be back and the addresses that see the real site are written as the document has them', () => {
  const camera = office.services?.[1]
  if (!camera) throw new Error('no camera')
  const draft = draftOf(office, camera)
  const { service, document } = buildCandidate(
    office,
    {
      ...draft,
      maintenanceMode: 'on',
      advanced: {
        ...draft.advanced,
        maxConnections: '8',
        'maintenance.until': '2027-01-31 18:00',
        'maintenance.allow': '192.168.1.7, 10.0.0.0/8',
      },
    },
    'camera',
  )
  expect(service.backends?.[0]?.maxConnections).toBe(8)
  expect(service.maintenance).toEqual({
    mode: 'on',
    until: new Date('2027-01-31T18:00').toISOString(),
    allow: ['192.168.1.7', '10.0.0.0/8'],
  })
  expect(parseConfig(document).ok).toBe(true)
})

test('three fields make a service that only this office network can open', () => {
  const draft = { ...emptyDraft({ url: '192.168.1.31:8080', name: 'Büro-Wiki' }), hosts: ['wiki.office.lan'] }
  const { document, service } = buildCandidate({ version: 1, listeners: [{ id: 'web', port: 80 }] }, draft, null)
  expect(service).toEqual({
    id: 'buro-wiki',
    name: 'Büro-Wiki',
    type: 'http',
    listeners: ['web'],
    hosts: ['wiki.office.lan'],
    backends: [{ id: 'main', url: 'http://192.168.1.31:8080' }],
    access: { rules: [{ action: 'allow', from: 'this-network' }], default: 'deny' },
  })
  expect(parseConfig(document).ok).toBe(true)
})

test('a port of its own brings its listener, and takes it away again when nobody else has it', () => {
  const added = buildCandidate(office, { ...emptyDraft({ url: 'http://10.0.0.9', name: 'Printer' }), hosts: [':8090'] }, null)
  expect(added.newListener).toEqual({ id: 'port-8090', address: '0.0.0.0', port: 8090, protocol: 'http' })
  expect(added.service.listeners).toEqual(['port-8090'])

  const camera = office.services?.[1]
  if (!camera) throw new Error('no camera')
  const moved = buildCandidate(office, { ...draftOf(office, camera), port: '', hosts: ['camera.lan'] }, 'camera')
  expect(moved.document.listeners?.map(({ id }) => id)).toEqual(['web'])
  expect(moved.service.listeners).toEqual(['web'])
})

test('listeners that one port cannot say are kept', () => {
  const document: ConfigDocument = {
    version: 1,
    listeners: [
      { id: 'web', port: 80 },
      { id: 'alt', port: 81 },
      { id: 'port-9', port: 9 },
    ],
    services: [{ id: 'a', listeners: ['web', 'port-9'], backends: [{ id: 'm', url: 'http://10.0.0.1' }] }],
  }
  const service = document.services?.[0]
  if (!service) throw new Error('no service')
  expect(draftOf(document, service).keptListeners).toEqual(['web', 'port-9'])
  expect(buildCandidate(document, draftOf(document, service), 'a').document).toEqual(document)
})

test('a pasted address is split into host, port and path', () => {
  expect(splitAddress('http://wiki.office.lan:8082/docs?x=1#top')).toEqual({ host: 'wiki.office.lan', port: '8082', path: '/docs' })
  expect(splitAddress(':8082')).toEqual({ host: '', port: '8082', path: null })
  expect(splitAddress('*')).toEqual({ host: '', port: null, path: null })
  expect(splitAddress('[fe80::1]:81/')).toEqual({ host: '[fe80::1]', port: '81', path: null })
  const draft = normalise({ ...emptyDraft(), hosts: ['https://Wiki.lan/docs'], port: '', path: '' })
  expect([draft.hosts, draft.port, draft.path]).toEqual([['Wiki.lan'], '', '/docs'])
})

test('a backend is completed, never guessed away', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['192.168.1.31:8080', 'http://192.168.1.31:8080'],
    ['wiki.lan', 'http://wiki.lan'],
    ['nas.lan:443', 'https://nas.lan:443'],
    [':5050', 'http://127.0.0.1:5050'],
    ['5050', 'http://127.0.0.1:5050'],
    ['http://a.lan/', 'http://a.lan'],
    ['http://a.lan/base/', 'http://a.lan/base/'],
    ['[::1]:80', 'http://[::1]:80'],
    ['ftp://a.lan', 'ftp://a.lan'],
    ['http://bücher.lan:81/x', 'http://xn--bcher-kva.lan:81/x'],
    ['', ''],
  ]
  for (const [typed, completed] of cases) expect(completeBackendUrl(typed)).toBe(completed)
})

test('every ready-made choice reads back as itself, and other rules are left alone', () => {
  for (const choice of ['self', 'network', 'lan', 'vpn', 'anyone'] as const) expect(readAccess(writeAccess(choice, undefined))).toBe(choice)
  const cli = { rules: [{ action: 'allow' as const, from: 'this-network' }], default: 'deny' as const }
  expect(readAccess(cli)).toBe('network')
  expect(writeAccess('network', cli)).toBe(cli)
  const custom = { rules: [{ action: 'allow' as const, from: '10.0.0.0/8' }] }
  expect(readAccess(custom)).toBe('custom')
  expect(writeAccess('custom', custom)).toBe(custom)
  expect(readAccess({ default: 'deny' })).toBe('custom')
  expect(readAccess({ rules: [{ action: 'allow', from: 'this-network' }], default: 'allow' })).toBe('custom')
})
