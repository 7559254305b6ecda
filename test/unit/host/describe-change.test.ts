import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { describeChange } from '../../../proxy/host/history/describe-change'

const wiki = { id: 'wiki', name: 'Office wiki', backends: [{ id: 'main', url: 'http://a' }] }
const before: ConfigDocument = { version: 1, listeners: [{ id: 'web', port: 80 }], services: [wiki] }

test.each<[string, ConfigDocument]>([
  ['Added Printer', { ...before, services: [wiki, { id: 'printer', name: 'Printer', backends: wiki.backends }] }],
  ['Removed Office wiki', { ...before, services: [] }],
  ['Switched off Office wiki', { ...before, services: [{ ...wiki, enabled: false }] }],
  ['Renamed Office wiki to Team wiki', { ...before, services: [{ ...wiki, name: 'Team wiki' }] }],
  ['Changed Office wiki', { ...before, services: [{ ...wiki, hosts: ['wiki.lan'] }] }],
  ['Changed Office wiki', { ...before, services: [{ ...wiki, enabled: false, hosts: ['wiki.lan'] }] }],
  [
    'Added listener port-8090',
    {
      ...before,
      listeners: [
        { id: 'web', port: 80 },
        { id: 'port-8090', port: 8090 },
      ],
    },
  ],
  ['Changed listener web', { ...before, listeners: [{ id: 'web', port: 81 }] }],
  ['Changed the settings', { ...before, settings: { trustedProxies: ['10.0.0.1'] } }],
  ['Changed the blocked addresses', { ...before, blocked: [{ from: '10.0.0.1' }] }],
  [
    'Added a, added b, added c and 2 more',
    { ...before, services: [wiki, ...['a', 'b', 'c', 'd', 'e'].map((id) => ({ ...wiki, id, name: id }))] },
  ],
])('%s', (expected, after) => {
  expect(describeChange(before, after)).toBe(expected)
})

test('Switched on Office wiki', () => {
  expect(describeChange({ ...before, services: [{ ...wiki, enabled: false }] }, before)).toBe('Switched on Office wiki')
})

test('Changed the order', () => {
  const two = { ...wiki, id: 'two' }
  expect(describeChange({ ...before, services: [wiki, two] }, { ...before, services: [two, wiki] })).toBe('Changed the order')
})
