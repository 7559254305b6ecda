import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { checkDraft, type CheckContext } from '../../../../renderer/features/service-form/model/check-draft'
import { draftOf, emptyDraft, newBackend, type ServiceDraft } from '../../../../renderer/features/service-form/model/draft'

const document: ConfigDocument = {
  version: 1,
  listeners: [{ id: 'web', port: 8080 }],
  services: [
    { id: 'wiki', name: 'Office wiki', hosts: ['wiki.lan'], backends: [{ id: 'main', url: 'http://192.168.1.20:8080' }] },
    { id: 'old', name: 'Old portal', hosts: ['legacy.lan'], enabled: false, backends: [{ id: 'main', url: 'http://127.0.0.1:5050' }] },
  ],
}
const context: CheckContext = { document, id: null, surroundings: { ownAddresses: ['192.168.1.10'], consolePort: 4400 } }
const good: ServiceDraft = { ...emptyDraft({ url: '192.168.1.31:8080', name: 'Client portal' }), hosts: ['portal.lan'] }

const said = (draft: ServiceDraft, in_: CheckContext = context): Record<string, string> =>
  Object.fromEntries(
    checkDraft(draft, in_).map(({ field, level, message }) => [level === 'error' ? field : `${field} (${level})`, message]),
  )

test('a form that is right has nothing to say', () => {
  expect(said(good)).toEqual({})
})

test('an empty form asks for a name and a backend, each at its field', () => {
  expect(Object.keys(said(emptyDraft()))).toEqual(['name', 'backends.new-1.url'])
})

test('a name belongs to one service, however it is spelt', () => {
  expect(said({ ...good, name: ' office WIKI ' })['name']).toContain('“Office wiki”')
  expect(said({ ...good, name: 'x'.repeat(61) })['name']).toBe('Use at most 60 characters.')
})

test('an address that another service has names it, also while it is switched off', () => {
  expect(said({ ...good, hosts: ['Legacy.lan'] })['hosts.0']).toContain('“Old portal” already answers legacy.lan')
  expect(said({ ...good, hosts: ['portal.lan', 'http://legacy.lan/'] })['hosts.1']).toContain('Old portal')
  expect(said({ ...good, hosts: ['legacy.lan'], path: 'new' })).toEqual({})
})

test('a clash is found at the form’s own field, even where the other service comes later', () => {
  const wiki = document.services?.[0]
  if (!wiki) throw new Error('no wiki')
  const problems = said({ ...draftOf(document, wiki), hosts: ['legacy.lan'] }, { ...context, id: 'wiki' })
  expect(problems['hosts.0']).toContain('“Old portal”')
})

test('an address is checked while other fields are not right yet', () => {
  expect(Object.keys(said({ ...emptyDraft(), hosts: ['wiki.lan'] }))).toEqual(['name', 'hosts.0', 'backends.new-1.url'])
})

test('a loop is refused: the gateway itself, on every address of this machine, and the console', () => {
  for (const url of ['127.0.0.1:8080', 'localhost:8080', '192.168.1.10:8080', '[::1]:4400']) {
    expect(said({ ...good, backends: [newBackend([], url)] })['backends.new-1.url']).toMatch(/AstroRelay/)
  }
})

test('a port of its own that is another service’s backend is refused at the port', () => {
  expect(said({ ...good, hosts: [''], port: '5050' })['port']).toContain('“Old portal” gets its pages from port 5050')
})

test('bad ports, paths, hosts and weights are told in sentences', () => {
  for (const port of ['0', '70000', 'abc']) expect(said({ ...good, port })['port']).toBe('Write a port from 1 to 65535, or leave it empty.')
  expect(said({ ...good, path: '/a b' })['path']).toBe('Start with / and leave out blanks, ? and #.')
  expect(said({ ...good, hosts: ['wi ki'] })['hosts.0']).toMatch(/host name/)
  expect(said({ ...good, hosts: ['a.*.lan'] })['hosts.0']).toMatch(/wildcard/)
  expect(said({ ...good, backends: [{ ...newBackend([], 'a.lan'), weight: '0' }] })['backends.new-1.weight']).toBe(
    'Write a whole number from 1 to 100.',
  )
  expect(said({ ...good, backends: [newBackend([], 'http://a.lan:99999')] })['backends.new-1.url']).toBe('Choose a port from 1 to 65535.')
})

test('names in any script are fine', () => {
  expect(said({ ...good, hosts: ['bücher.lan'] })).toEqual({})
})

test('the same backend twice, and no primary, are refused', () => {
  const [a, b] = [newBackend([], '10.0.0.1:80'), { ...newBackend([newBackend([])], 'http://10.0.0.1') }]
  expect(said({ ...good, backends: [a, b] })['backends.new-2.url']).toContain('already in the list')
  expect(said({ ...good, backends: [{ ...a, role: 'backup' }] })['backends']).toBe('Make one backend primary.')
})

test('names that only this network knows are a warning once anyone may come', () => {
  expect(said({ ...good, access: 'anyone' })).toEqual({ 'hosts.0 (warning)': 'Phones and browsers outside will not find this name.' })
})

test('health checks, limits and waiting times get the schema’s own sentences', () => {
  const problems = said({
    ...good,
    advanced: {
      ...good.advanced,
      'health.interval': '1s',
      'health.timeout': '5s',
      'health.rise': '11',
      maxBody: 'big',
      'timeouts.connect': '3',
    },
  })
  expect(problems['health.timeout']).toBe('Choose a time-out that is not longer than the interval.')
  expect(problems['health.rise']).toBe('Write a whole number from 1 to 10.')
  expect(problems['maxBody']).toBe('Write a size such as 512KB, 10MB or 1GB.')
  expect(problems['timeouts.connect']).toBe('Write a duration such as 500ms, 5s, 2m, 1h or 30d.')
})

test('a port that is not right does not hide a loop', () => {
  const wrong = said({ ...good, port: '70000', backends: [{ ...newBackend([]), url: '127.0.0.1:8080' }] })
  expect(Object.keys(wrong)).toEqual(['port', 'backends.new-1.url'])
  expect(Object.values(wrong)[1]).toContain('points back to AstroRelay itself')
})
