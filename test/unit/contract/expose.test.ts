import { describe, expect, test } from 'vitest'
import { expose, parsePublicAddress, slug } from '../../../proxy/contract/expose'
import { parseConfig } from '../../../proxy/contract/parse'
import { documentWith } from '../../support/fake-engine'

describe('exposing a service', () => {
  test('needs no more than a URL', () => {
    const { document, service } = expose(documentWith(), { url: 'http://127.0.0.1:3000', allow: [] })
    expect(service).toEqual({
      id: '127-0-0-1-3000',
      name: '127.0.0.1:3000',
      type: 'http',
      listeners: ['web'],
      backends: [{ id: 'main', url: 'http://127.0.0.1:3000' }],
    })
    expect(parseConfig(document).ok).toBe(true)
  })

  test('lets in who is named, and nobody else', () => {
    const { service } = expose(documentWith(), { url: 'http://a', allow: ['this-network', '10.0.0.1'] })
    expect(service.access).toEqual({
      rules: [
        { action: 'allow', from: 'this-network' },
        { action: 'allow', from: '10.0.0.1' },
      ],
      default: 'deny',
    })
  })

  test('on a port of its own makes a listener, or takes the one that has the port', () => {
    const once = expose(documentWith(), { url: 'http://a', port: 8090, allow: [] })
    expect(once.document.listeners?.[1]).toEqual({ id: 'port-8090', address: '127.0.0.1', port: 8090, protocol: 'http' })
    const twice = expose(once.document, { url: 'http://b', port: 8090, hosts: ['b.test'], allow: [] })
    expect(twice.document.listeners).toHaveLength(2)
    expect(twice.service.listeners).toEqual(['port-8090'])
  })

  test('a port of its own does not open the services that answer on every listener', () => {
    const open = { id: 'open', backends: [{ id: 'main', url: 'http://a' }] }
    const { document } = expose({ ...documentWith(), services: [open] }, { url: 'http://b', port: 8090, allow: [] })
    expect(document.services?.[0]).toEqual({ ...open, listeners: documentWith().listeners?.map(({ id }) => id) })
    expect(parseConfig(document).ok).toBe(true)
  })

  test('a later service of the common listeners does not answer on that port', () => {
    const { document } = expose(documentWith(), { url: 'http://a', port: 8090, allow: [] })
    expect(expose(document, { url: 'http://b', allow: [] }).service.listeners).toEqual(['web'])
  })

  test('gives every service an id of its own', () => {
    const first = expose(documentWith(), { url: 'http://a', name: 'Büro Wiki', hosts: ['a.test'], allow: [] })
    const second = expose(first.document, { url: 'http://b', name: 'Büro Wiki', hosts: ['b.test'], allow: [] })
    expect([first.service.id, second.service.id]).toEqual(['buro-wiki', 'buro-wiki-2'])
  })

  test('leaves the document it was given as it was', () => {
    const document = documentWith()
    expose(document, { url: 'http://a', port: 8090, allow: [] })
    expect(document).toEqual(documentWith())
  })
})

test.each([
  ['Office wiki', 'office-wiki'],
  ['  --  ', 'service'],
  ['日本', 'service'],
  ['A'.repeat(80), 'a'.repeat(50)],
])('the id of “%s” is %s', (name, expected) => {
  expect(slug(name)).toBe(expected)
})

test.each([
  ['', { host: null, port: null, path: '/' }],
  ['wiki.office.lan', { host: 'wiki.office.lan', port: null, path: '/' }],
  ['wiki.office.lan/docs', { host: 'wiki.office.lan', port: null, path: '/docs' }],
  [':8082', { host: null, port: 8082, path: '/' }],
  ['HTTP://Wiki:81/a', { host: 'wiki', port: 81, path: '/a' }],
  ['*', { host: null, port: null, path: '/' }],
])('“%s” as a public address', (text, expected) => {
  expect(parsePublicAddress(text)).toEqual(expected)
})

test.each(['wiki lan', ':0', ':70000', 'a?b'])('“%s” is no public address', (text) => {
  expect(parsePublicAddress(text)).toBeTypeOf('string')
})
