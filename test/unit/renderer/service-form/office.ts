import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { checkDraft } from '../../../../renderer/features/service-form/model/check-draft'
import { emptyDraft, newBackend, type ServiceDraft } from '../../../../renderer/features/service-form/model/draft'
import { withKind, withPreset } from '../../../../renderer/features/service-form/model/switch-kind'

export const office: ConfigDocument = {
  version: 1,
  listeners: [
    { id: 'web', port: 8080 },
    { id: 'port-8082', port: 8082 },
    { id: 'port-33890', port: 33_890, protocol: 'tcp' },
    { id: 'port-8883', port: 8_883, protocol: 'tcp' },
    { id: 'port-53-udp', port: 53, protocol: 'udp' },
    { id: 'port-53', port: 53, protocol: 'tcp', address: '0.0.0.0', proxyProtocol: true },
  ],
  services: [
    { id: 'wiki', name: 'Office wiki', hosts: ['wiki.lan'], backends: [{ id: 'main', url: 'http://192.168.1.20:8080' }] },
    {
      id: 'manuals',
      name: 'Manuals',
      type: 'files',
      listeners: ['web'],
      hosts: ['files.lan'],
      path: '/manuals',
      root: '/srv/manuals',
      listing: false,
      index: [],
      fallback: 'app/index.html',
      dotFiles: true,
      precompressed: false,
      headers: { response: { set: { 'X-Robots-Tag': 'noindex' } } },
      maintenance: { title: 'Back soon' },
      timeouts: { idle: '2m' },
      access: { rules: [{ action: 'allow', from: 'lan' }], onDeny: '404' },
    },
    {
      id: 'plain',
      type: 'files',
      hosts: ['plain.lan'],
      root: 'D:\\Projects\\Delivered',
      listing: true,
      index: ['start.html', 'index.html'],
    },
    {
      id: 'old',
      name: 'Old portal',
      type: 'redirect',
      listeners: ['port-8082'],
      hosts: ['old.lan'],
      to: 'https://portal.example/',
      status: 301,
      keepPath: true,
      alerts: { mute: true },
    },
    { id: 'moved', type: 'redirect', hosts: ['moved.lan'], to: 'http://wiki.lan' },
    { id: 'trial', type: 'redirect', hosts: ['trial.lan'], to: 'http://wiki.lan/new', status: 302, keepPath: false },
    {
      id: 'reception',
      name: 'Reception PC',
      type: 'tcp',
      listeners: ['port-33890'],
      backends: [{ id: 'main', url: 'tcp://192.168.1.55:3389' }],
      health: { expect: 'rdp', interval: '10s' },
      timeouts: { tunnel: '2h' },
      lockdown: { proxyProtocol: 'v2' },
      rateLimit: { requests: 10, per: '1h' },
      access: { rules: [{ action: 'allow', from: 'vpn' }], default: 'deny' },
    },
    {
      id: 'broker',
      type: 'tcp',
      listeners: ['port-8883'],
      hosts: ['mqtt.lan', 'xn--bcher-kva.lan'],
      balance: { policy: 'least-connections', slowStart: '30s' },
      health: { type: 'tcp' },
      backends: [
        { id: 'a', url: 'tcp://192.168.1.61:1883', weight: 3, maxConnections: 9 },
        { id: 'b', url: 'tcp://[fe80::1]:1883', role: 'backup', state: 'draining', maxConnections: 9 },
      ],
    },
    {
      id: 'names',
      type: 'udp',
      listeners: ['port-53-udp'],
      backends: [{ id: 'main', url: 'udp://192.168.1.53:53' }],
      timeouts: { idle: '10s' },
      health: { type: 'tcp' },
    },
    { id: 'all-tcp', type: 'tcp', hosts: ['spare.lan'], backends: [{ id: 'main', url: 'tcp://192.168.1.62:9000' }] },
  ],
}

export const base: ConfigDocument = { version: 1, listeners: [{ id: 'web', port: 8080 }] }

export function serviceOf(id: string): ServiceDocument {
  const service = office.services?.find((one) => one.id === id)
  if (!service) throw new Error(`no ${id}`)
  return service
}

export function said(draft: ServiceDraft, document = base, id: string | null = null): Record<string, string> {
  return Object.fromEntries(
    checkDraft(draft, { document, id, surroundings: { ownAddresses: ['192.168.1.10'] } })
      .filter(({ level }) => level === 'error')
      .map(({ field, message }) => [field, message]),
  )
}

export function machine(name: string, url: string, port: string, preset = 'rdp'): ServiceDraft {
  const draft = withPreset(withKind(emptyDraft({ name }), 'machine', false), preset)
  return { ...draft, port, portProposed: false, backends: [newBackend([], url)] }
}
