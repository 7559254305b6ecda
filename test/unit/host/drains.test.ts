import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { keepDrains } from '../../../proxy/host/backends/drain-keeper'
import { findBackend, inState, withBackends } from '../../../proxy/host/backends/edit-backends'
import { configured } from '../../support/configured'

const document: ConfigDocument = {
  version: 1,
  listeners: [{ id: 'web', port: 8_080 }],
  services: [
    {
      id: 'wiki',
      name: 'The wiki',
      hosts: ['wiki.test'],
      backends: [
        { id: 'main', url: 'http://10.0.0.1:80', state: 'draining' },
        { id: 'spare', url: 'http://10.0.0.2:80' },
      ],
    },
  ],
}

const drained = { at: 1, service: 'wiki', backend: 'main', reason: 'nothing runs on it any more' }

async function start() {
  const made = await configured(document)
  keepDrains(made.hub, made.configuration, made.log)
  return made
}

test('a backend whose drain is over is written down as in maintenance, once, and history says why', async () => {
  const made = await start()
  const summaries: string[] = []
  made.hub.on('config', ({ by }) => void summaries.push(by))
  made.hub.emit('drained', drained)
  made.hub.emit('drained', drained)
  await made.settled()
  expect(made.backends('wiki')).toEqual(['main http://10.0.0.1:80 maintenance', 'spare http://10.0.0.2:80 active'])
  expect(summaries).toEqual(['AstroRelay'])
})

test('a backend that somebody has put back to work before that stays at work', async () => {
  const made = await start()
  const saved = made.configuration.edit(
    (before) => withBackends(before, 'wiki', (backends) => backends.map((one) => inState(one, 'active'))),
    'window',
    'Activated',
  )
  made.hub.emit('drained', drained)
  await saved
  await made.settled()
  expect(made.backends('wiki')[0]).toBe('main http://10.0.0.1:80 active')
  expect(made.lines).toEqual([])
})

test('of a service or a backend that is gone nothing is written', async () => {
  const made = await start()
  const { revision } = made.configuration.current
  made.hub.emit('drained', { ...drained, service: 'gone' })
  made.hub.emit('drained', { ...drained, backend: 'gone' })
  await made.settled()
  expect(made.configuration.current.revision).toBe(revision)
})

test('a document leaves out that a backend is active, and edits touch the named service only', () => {
  const { backend, name } = findBackend(document, 'wiki', 'main')
  expect(inState(backend, 'active')).toEqual({ id: 'main', url: 'http://10.0.0.1:80' })
  expect(inState(backend, 'maintenance')).toEqual({ id: 'main', url: 'http://10.0.0.1:80', state: 'maintenance' })
  expect(name).toBe('The wiki')
  expect(withBackends(document, 'other', () => [])).toEqual(document)
  expect(withBackends({ version: 1 }, 'wiki', () => [])).toEqual({ version: 1, services: [] })
})

test('what is not there is said by name, cut where somebody sends a book', () => {
  expect(() => findBackend(document, 'shop', 'main')).toThrow('There is no service “shop”.')
  expect(() => findBackend(document, 'wiki', 'x'.repeat(100))).toThrow(`“The wiki” has no backend “${'x'.repeat(63)}”.`)
})
