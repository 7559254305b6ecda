import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { documentChanges } from '../../../../renderer/features/settings/model/changes'
import { checkListener, listenerUse, putListener, removeListener } from '../../../../renderer/features/settings/model/listener-edits'

const document: ConfigDocument = {
  version: 1,
  listeners: [
    { id: 'web', port: 80 },
    { id: 'port-8082', port: 8082 },
  ],
  services: [
    { id: 'wiki', name: 'Office wiki', listeners: ['web', 'port-8082'], backends: [{ id: 'main', url: 'http://10.0.0.1' }] },
    { id: 'camera', listeners: ['port-8082'], hosts: ['camera.lan'], backends: [{ id: 'main', url: 'http://127.0.0.1:5050' }] },
  ],
}

test('a port that is used says by whom, and who has no other', () => {
  expect(listenerUse(document, 'port-8082')).toEqual({ named: ['Office wiki', 'camera'], only: ['camera'] })
  expect(listenerUse(document, 'web').only).toEqual([])
})

test('a removed port is taken out of the services that name it', () => {
  const after = removeListener(document, 'web')
  expect(after.listeners?.map(({ id }) => id)).toEqual(['port-8082'])
  expect(after.services?.map(({ listeners }) => listeners)).toEqual([['port-8082'], ['port-8082']])
})

test('a port is added as a common one and checked before', () => {
  expect(putListener(document, { id: null, address: '::', port: ' 443' }).listeners?.at(-1)).toEqual({
    id: 'web-2',
    address: '::',
    port: 443,
    protocol: 'http',
  })
  expect(checkListener(document, { id: null, address: '0.0.0.0', port: '9000' })).toBeNull()
  expect(checkListener(document, { id: null, address: '0.0.0.0', port: '80' })).toContain('“web” already uses port 80')
  expect(checkListener(document, { id: 'web', address: '0.0.0.0', port: '80' })).toBeNull()
  expect(checkListener(document, { id: null, address: '0.0.0.0', port: '70000' })).toBe('Choose a port from 1 to 65535.')
  expect(checkListener(document, { id: null, address: '0.0.0.0', port: 'abc' })).toBe('Write a port from 1 to 65535.')
  expect(checkListener(document, { id: null, address: '0.0.0.0', port: '5050' })).toBe(
    '“camera” gets its pages from this port. Choose another one.',
  )
})

test('a change is told by names and values, a service that came or went as one', () => {
  const after: ConfigDocument = {
    ...document,
    services: [
      {
        id: 'wiki',
        name: 'Office wiki',
        listeners: ['web'],
        backends: [{ id: 'main', url: 'http://10.0.0.2' }],
        health: { interval: '10s' },
      },
      { id: 'new', name: 'Notes', backends: [{ id: 'main', url: 'http://10.0.0.3' }] },
    ],
  }
  expect(documentChanges(document, after)).toEqual([
    { place: 'Office wiki › listeners', before: 'web, port-8082', after: 'web' },
    { place: 'Office wiki › backends › main › url', before: 'http://10.0.0.1', after: 'http://10.0.0.2' },
    { place: 'Office wiki › health', before: null, after: 'interval: 10s' },
    { place: 'Notes', before: null, after: 'Notes' },
    { place: 'camera', before: 'camera', after: null },
  ])
  expect(documentChanges(document, document)).toEqual([])
})
