import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { emptyDraft } from '../../../../renderer/features/service-form/model/draft'
import { changedSince } from '../../../../renderer/features/service-form/model/rebase'
import { withKind } from '../../../../renderer/features/service-form/model/switch-kind'
import { whatHappens } from '../../../../renderer/features/service-form/model/what-happens'

const document: ConfigDocument = {
  version: 1,
  listeners: [{ id: 'web', port: 80 }],
  services: [{ id: 'wiki', backends: [{ id: 'main', url: 'http://10.0.0.1' }] }],
}
const context = { document, networks: ['192.168.1.0/24'], addresses: ['192.168.1.10'] }

test('the way of a request is told from the visitor to the backend', () => {
  const draft = { ...emptyDraft({ url: '192.168.1.31:8080', name: 'Portal' }), hosts: ['portal.lan'] }
  expect(whatHappens(draft, context).map(({ title, text }) => `${title}: ${text}`)).toEqual([
    'Devices on this office network: 192.168.1.0/24, and this computer. Everyone else is refused.',
    'http://portal.lan: ',
    'AstroRelay: Passes requests on and keeps the backend’s address to itself',
    '192.168.1.31:8080 answers: Checked every 5 s',
  ])
})

test('a new port, a path and several backends are named', () => {
  const backend = emptyDraft().backends[0]
  if (!backend) throw new Error('no backend')
  const draft = {
    ...emptyDraft(),
    access: 'anyone' as const,
    port: '8082',
    path: 'docs',
    policy: 'least-connections' as const,
    backends: [
      { ...backend, key: 'a', url: '10.0.0.1:80' },
      { ...backend, key: 'b', url: '10.0.0.2:80' },
      { ...backend, key: 'c', url: 'https://10.0.0.3', role: 'backup' as const, verify: false },
    ],
  }
  const [, address, , backends] = whatHappens(draft, context)
  expect(address).toEqual({
    station: 'address',
    title: 'http://192.168.1.10:8082/docs',
    text: 'Any host name that leads here. Only /docs and below; a longer path of another service goes first. Opens port 8082 on this machine',
  })
  expect(backends?.title).toBe('2 primaries share the work')
  expect(backends?.text).toContain('10.0.0.3:443 takes over when none of them answers')
  expect(backends?.text).toContain('Whoever answers at 10.0.0.3:443 is believed')
})

test('a listener on one address is told as it is', () => {
  const draft = { ...withKind(emptyDraft({ name: 'Database' }), 'machine', false), port: '9701' }
  const step = (listensOn: string) => whatHappens(draft, { ...context, listensOn })[1]
  expect(step('::')?.title).toBe('192.168.1.10:9701')
  expect(step('10.8.0.2')?.title).toBe('10.8.0.2:9701')
  expect(step('127.0.0.1')?.title).toBe('127.0.0.1:9701')
  expect(step('127.0.0.1')?.text).toContain('Listens on 127.0.0.1: only this computer can connect')
})

test('someone else’s change to the same service is noticed, to another one is not', () => {
  const other = { ...document, services: [...(document.services ?? []), { id: 'new', backends: [{ id: 'main', url: 'http://10.0.0.2' }] }] }
  expect(changedSince(document, other, 'wiki').kind).toBe('untouched')
  expect(changedSince(document, other, null).kind).toBe('untouched')
  const changed: ConfigDocument = { ...document, services: [{ id: 'wiki', name: 'W', backends: [{ id: 'main', url: 'http://10.0.0.1' }] }] }
  expect(changedSince(document, changed, 'wiki').kind).toBe('changed')
  expect(changedSince(document, { ...document, services: [] }, 'wiki').kind).toBe('deleted')
})
