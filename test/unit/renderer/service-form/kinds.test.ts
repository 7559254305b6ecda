import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { parseConfig } from '../../../../proxy/contract/parse'
import { buildCandidate } from '../../../../renderer/features/service-form/model/candidate'
import { draftOf, emptyDraft, newBackend, type ServiceDraft } from '../../../../renderer/features/service-form/model/draft'
import { completeFolder, folderName } from '../../../../renderer/features/service-form/model/files-draft'
import { listenAddress } from '../../../../renderer/features/service-form/model/listeners'
import { completeMachineUrl, hasVpn } from '../../../../renderer/features/service-form/model/machine-draft'
import { withKind, withPreset } from '../../../../renderer/features/service-form/model/switch-kind'
import { whatHappens } from '../../../../renderer/features/service-form/model/what-happens'
import { cloneService, removeService } from '../../../../renderer/lib/service-edits'

import { base, machine, office, said, serviceOf } from './office'

test('opening a service of any kind and saving it untouched changes nothing', () => {
  expect(parseConfig(office)).toMatchObject({ ok: true })
  for (const service of office.services ?? []) expect(buildCandidate(office, draftOf(office, service), service.id).document).toEqual(office)
})

test('a service of any kind that is right has nothing to say against it', () => {
  for (const service of office.services ?? [])
    expect([service.id, said(draftOf(office, service), office, service.id)]).toEqual([service.id, {}])
})

test('what the form does not show stays in the document', () => {
  const files = buildCandidate(office, { ...draftOf(office, serviceOf('manuals')), name: 'Handbooks', listing: true }, 'manuals').service
  expect(files).toEqual({ ...serviceOf('manuals'), name: 'Handbooks', listing: true })
  const tcp = buildCandidate(office, { ...draftOf(office, serviceOf('reception')), greeting: 'none' }, 'reception').service
  expect(tcp).toEqual({ ...serviceOf('reception'), health: { interval: '10s' } })
  const redirect = buildCandidate(office, { ...draftOf(office, serviceOf('old')), forGood: false }, 'old').service
  expect(redirect).toEqual({ ...serviceOf('old'), status: 307 })
})

test('a folder needs a name and its path', () => {
  const draft = {
    ...withKind(emptyDraft({ name: 'Manuals', folder: '"/srv/manuals" ' }), 'files', true),
    hosts: ['files.lan'],
    listing: true,
    index: 'start.html, index.html',
    fallback: 'index.html',
  }
  const { document, service } = buildCandidate(base, draft, null)
  expect(service).toEqual({
    id: 'manuals',
    name: 'Manuals',
    type: 'files',
    listeners: ['web'],
    hosts: ['files.lan'],
    root: '/srv/manuals',
    listing: true,
    index: ['start.html', 'index.html'],
    fallback: 'index.html',
    access: { rules: [{ action: 'allow', from: 'this-network' }], default: 'deny' },
  })
  expect(parseConfig(document).ok).toBe(true)
})

test('a redirect is for now unless it is said to be for good', () => {
  const draft = { ...withKind(emptyDraft({ name: 'Old' }), 'redirect', false), hosts: ['old.lan'], to: 'https://bücher.example/neu' }
  expect(buildCandidate(base, draft, null).service).toMatchObject({
    type: 'redirect',
    to: 'https://xn--bcher-kva.example/neu',
    status: 307,
  })
  const good = buildCandidate(base, { ...draft, forGood: true, keepPath: false }, null)
  expect(good.service).toMatchObject({ status: 308, keepPath: false })
  expect(parseConfig(good.document).ok).toBe(true)
})

test('a machine brings a listener of its own and keeps other services off it', () => {
  const document = { ...office, services: [serviceOf('wiki'), serviceOf('all-tcp')] }
  const made = buildCandidate(document, machine('Office PC', '192.168.1.56', '3390'), null)
  expect(made.newListener).toEqual({ id: 'port-3390', address: '0.0.0.0', port: 3390, protocol: 'tcp' })
  expect(made.service).toEqual({
    id: 'office-pc',
    name: 'Office PC',
    type: 'tcp',
    listeners: ['port-3390'],
    backends: [{ id: 'main', url: 'tcp://192.168.1.56:3389' }],
    health: { expect: 'rdp' },
    access: { rules: [{ action: 'allow', from: 'this-network' }], default: 'deny' },
  })
  expect(made.document.services?.map(({ listeners }) => listeners)).toEqual([
    ['web', 'port-8082'],
    ['port-33890', 'port-8883', 'port-53'],
    ['port-3390'],
  ])
  expect(parseConfig(made.document).ok).toBe(true)
  expect(removeService(made.document, 'office-pc').listeners).toEqual(office.listeners)
})

test('a port of UDP is another than that of TCP, and no common one for web pages', () => {
  const made = buildCandidate(base, machine('Tunnel', '192.168.1.2', '8080', 'wireguard'), null)
  expect(made.newListener).toEqual({ id: 'port-8080-udp', address: '0.0.0.0', port: 8080, protocol: 'udp' })
  expect(made.service).toMatchObject({ type: 'udp', backends: [{ id: 'main', url: 'udp://192.168.1.2:51820' }] })
  expect(made.service.health).toBeUndefined()
  expect(parseConfig(made.document).ok).toBe(true)
  const web = buildCandidate(made.document, { ...emptyDraft({ name: 'Wiki', url: '10.0.0.1' }), hosts: ['wiki.lan'] }, null)
  expect(web.service.listeners).toEqual(['web'])
  expect(parseConfig(web.document).ok).toBe(true)
  expect(removeService(made.document, 'tunnel').listeners).toEqual(base.listeners)
  const clone = cloneService(made.document, 'tunnel', 8_081)
  expect(clone?.document.listeners?.at(-1)).toEqual({ id: 'port-8081-udp', address: '0.0.0.0', port: 8_081, protocol: 'udp' })
  expect(parseConfig(clone?.document).ok).toBe(true)
})

test('a machine that moves to another port is no more open than before', () => {
  const document: ConfigDocument = {
    version: 1,
    listeners: [
      { id: 'web', address: '::', port: 8080 },
      { id: 'port-9701', address: '127.0.0.1', port: 9701, protocol: 'tcp', proxyProtocol: true },
    ],
    services: [
      { id: 'db', name: 'Database', type: 'tcp', listeners: ['port-9701'], backends: [{ id: 'main', url: 'tcp://192.168.1.9:5432' }] },
    ],
  }
  const service = document.services?.[0]
  if (!service) throw new Error('no service')
  const draft = { ...draftOf(document, service), port: '9702', keptListeners: null }
  expect(buildCandidate(document, draft, 'db').newListener).toEqual({
    id: 'port-9702',
    address: '127.0.0.1',
    port: 9702,
    protocol: 'tcp',
    proxyProtocol: true,
  })
  expect(listenAddress(document, draft, service)).toBe('127.0.0.1')
  expect(listenAddress(document, draftOf(document, service), service)).toBe('127.0.0.1')
  expect(listenAddress(document, machine('PC', '192.168.1.5', '3390'), undefined)).toBe('::')
})

test('machines share a port by the names that TLS clients ask for', () => {
  const shared = { ...machine('Cameras', '192.168.1.70:8883', '8883', 'tcp'), hosts: ['cameras.lan'] }
  const { document, service, newListener } = buildCandidate(office, shared, null)
  expect([newListener, service.listeners, service.hosts]).toEqual([null, ['port-8883'], ['cameras.lan']])
  expect(parseConfig(document).ok).toBe(true)
  expect(said({ ...shared, hosts: ['MQTT.lan'] }, office)['hosts.0']).toContain('“broker” already answers mqtt.lan')
})

test('a machine is written as people write it', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['192.168.1.55', 'tcp://192.168.1.55:3389'],
    [' pc.lan:3390 ', 'tcp://pc.lan:3390'],
    ['tcp://pc.lan/', 'tcp://pc.lan:3389'],
    ['3389', 'tcp://127.0.0.1:3389'],
    ['fe80::1', 'tcp://[fe80::1]:3389'],
    ['[fe80::1]', 'tcp://[fe80::1]:3389'],
    ['[fe80::1]:22', 'tcp://[fe80::1]:22'],
    ['http://pc.lan', 'http://pc.lan'],
    ['', ''],
  ]
  for (const [typed, completed] of cases) expect(completeMachineUrl(typed, 'tcp', 3389)).toBe(completed)
  expect(completeMachineUrl('pc.lan', 'udp', null)).toBe('udp://pc.lan')
})

test('going to another kind and back loses nothing, and asks nothing that does not fit', () => {
  const web: ServiceDraft = {
    ...emptyDraft({ name: 'Wiki', url: '10.0.0.1:80' }),
    hosts: ['wiki.lan'],
    port: '8090',
    path: '/x',
    users: [{ name: 'a', hash: 'h' }],
    onDeny: '404',
  }
  const there = { ...withKind(web, 'machine', true), backends: [newBackend([], '10.0.0.2')] }
  expect([there.access, there.port, there.hosts, there.name]).toEqual(['vpn', '3389', [''], 'Wiki'])
  const { service } = buildCandidate(base, there, null)
  expect(service).toEqual({
    id: 'wiki',
    name: 'Wiki',
    type: 'tcp',
    listeners: ['port-3389'],
    backends: [{ id: 'main', url: 'tcp://10.0.0.2:3389' }],
    health: { expect: 'rdp' },
    access: { rules: [{ action: 'allow', from: 'vpn' }], default: 'deny' },
  })
  const back = withKind(withKind(there, 'files', true), 'web', true)
  expect({ ...back, aside: web.aside }).toEqual(web)
  expect(withKind(back, 'machine', true).backends[0]?.url).toBe('10.0.0.2')
  expect(withKind({ ...web, access: 'anyone' }, 'machine', true).access).toBe('anyone')
})

test('another preset takes its ports along where they are its own', () => {
  const draft = {
    ...withKind(emptyDraft(), 'machine', false),
    backends: [newBackend([], '10.0.0.2:3389'), newBackend([newBackend([])], '10.0.0.3:4000'), newBackend([], '10.0.0.4')],
  }
  const ssh = withPreset(draft, 'ssh')
  expect([ssh.port, ssh.greeting, ssh.backends.map(({ url }) => url)]).toEqual(['22', 'ssh', ['10.0.0.2:22', '10.0.0.3:4000', '10.0.0.4']])
  expect(withPreset({ ...draft, port: '4711', portProposed: false }, 'ssh').port).toBe('4711')
})

test('a VPN is an interface that is marked, or an address as Tailscale gives it', () => {
  expect(hasVpn([{ name: 'eth0', networks: ['192.168.1.0/24'] }], [])).toBe(false)
  expect(hasVpn([{ name: 'wg0', networks: ['10.8.0.0/24'] }], ['wg0'])).toBe(true)
  expect(hasVpn([{ name: 'tailscale0', networks: ['100.101.102.103/32'] }], [])).toBe(true)
})

test('a folder is named by its last part', () => {
  expect([folderName('/srv/Manuals/'), folderName('"D:\\Projects\\Delivered"'), folderName('')]).toEqual(['Manuals', 'Delivered', ''])
  expect(completeFolder(' "C:\\a b" ')).toBe('C:\\a b')
})

test('what will happen is told for every kind', () => {
  const context = { document: base, networks: ['192.168.1.0/24'], addresses: ['192.168.1.10'] }
  const told = (draft: ServiceDraft): string[] =>
    whatHappens(draft, context)
      .slice(1)
      .map(({ title, text }) => `${title}: ${text}`)
  expect(
    told({
      ...withKind(emptyDraft({ folder: '/srv/manuals' }), 'files', false),
      hosts: ['files.lan'],
      listing: true,
      fallback: 'index.html',
    }),
  ).toEqual([
    'http://files.lan:8080: ',
    'AstroRelay: Reads files and sends them; nothing in the folder can be changed. Leaves out hidden files, whose names begin with a dot',
    'manuals: A folder shows its index.html, or else a list of what is in it. Pages that are not there show index.html',
  ])
  expect(told({ ...withKind(emptyDraft(), 'redirect', false), hosts: ['old.lan'], to: 'https://new.example' })).toEqual([
    'http://old.lan:8080: ',
    'AstroRelay: Sends browsers on, each time anew',
    'https://new.example: Path and query of what was asked for are added',
  ])
  expect(told(machine('PC', '192.168.1.55', '3390'))).toEqual([
    '192.168.1.10:3390: Opens TCP port 3390 on this machine',
    'AstroRelay: Passes connections on as they come; what is said in them stays between the two ends. Keeps the machine’s address to itself',
    '192.168.1.55:3389 answers: Its Remote Desktop greeting is checked every 5 s',
  ])
  expect(told(machine('DNS', '192.168.1.53', '53', 'dns'))).toEqual([
    '192.168.1.10:53: Opens UDP port 53 on this machine',
    'AstroRelay: Passes datagrams on as they come. Keeps the machine’s address to itself',
    '192.168.1.53:53 answers: Not checked',
  ])
})
