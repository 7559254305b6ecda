import { expect, onTestFinished, test, vi } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { type Move, Moves, movesBetween } from '../../../proxy/host/backends/moves'
import { type Configured, configured } from '../../support/configured'
import { backendOf, serviceOf } from '../../support/live-services'

const OLD = 'http://10.0.0.1:80'
const NEW = 'http://10.0.0.2:80'

function documentOf(url: string, rest: Readonly<Record<string, unknown>> = {}): ConfigDocument {
  return {
    version: 1,
    listeners: [{ id: 'web', port: 8_080 }],
    services: [{ id: 'wiki', name: 'The wiki', hosts: ['wiki.test'], backends: [{ id: 'main', url, ...rest }] }],
  }
}

async function start(): Promise<Configured & { readonly moves: Moves }> {
  const made = await configured(documentOf(OLD))
  made.supervisor.services = [serviceOf({ id: 'wiki', backends: [backendOf({ id: 'main', url: OLD })] })]
  const moves = new Moves(made)
  onTestFinished(() => moves.stop())
  return { ...made, moves }
}

/** Saves the new address as the form does. */
async function move({ configuration, moves }: Awaited<ReturnType<typeof start>>): Promise<readonly Move[]> {
  const document = documentOf(NEW)
  const found = moves.within(document)
  await configuration.save({ document, by: 'window' })
  moves.watch(found)
  return found
}

test('an active backend that gets another address has moved; one that is added, removed or taken out has not', () => {
  const moved = { service: 'wiki', backend: 'main', from: OLD, to: NEW }
  expect(movesBetween(documentOf(OLD), documentOf(NEW))).toEqual([moved])
  expect(movesBetween(documentOf(OLD), documentOf(OLD, { weight: 2 }))).toEqual([])
  expect(movesBetween(documentOf(OLD), documentOf(NEW, { state: 'maintenance' }))).toEqual([])
  expect(movesBetween(documentOf(OLD), { version: 1, services: [] })).toEqual([])
  expect(movesBetween({ version: 1, services: [] }, documentOf(NEW))).toEqual([])
})

test('only a backend that worked at its old address is watched at its new one', async () => {
  const made = await start()
  expect(made.moves.within(documentOf(NEW))).toHaveLength(1)
  made.supervisor.services = [serviceOf({ id: 'wiki', state: 'down', backends: [backendOf({ id: 'main', health: 'down' })] })]
  expect(made.moves.within(documentOf(NEW))).toEqual([])
})

test('a new address that fails within its probation is taken back, and that is told', async () => {
  const made = await start()
  await move(made)
  made.tell('wiki', { id: 'main', url: NEW, health: 'down', reason: 'connection refused' })
  await made.settled()
  expect(made.backends('wiki')).toEqual([`main ${OLD} active`])
  expect(made.told).toMatchObject([
    {
      title: 'main of The wiki has its old address back',
      text: `The new one, ${NEW}, failed its checks (connection refused). Requests go to ${OLD} again.`,
      place: '/services/wiki',
    },
  ])
})

test('a new address that failed while it was still being saved is taken back, too', async () => {
  const made = await start()
  const found = made.moves.within(documentOf(NEW))
  await made.configuration.save({ document: documentOf(NEW), by: 'window' })
  made.supervisor.services = [
    serviceOf({ id: 'wiki', backends: [backendOf({ id: 'main', url: NEW, health: 'down', reason: 'no answer' })] }),
  ]
  made.moves.watch(found)
  await made.settled()
  expect(made.backends('wiki')).toEqual([`main ${OLD} active`])
})

test('what fails after its probation is an outage and not a mistake: nothing is taken back', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const made = await start()
  await move(made)
  vi.advanceTimersByTime(30_000)
  made.tell('wiki', { id: 'main', url: NEW, health: 'down', reason: 'connection refused' })
  await made.settled()
  expect(made.backends('wiki')).toEqual([`main ${NEW} active`])
  expect(made.told).toEqual([])
})

test('word of the old address, which came late, takes nothing back', async () => {
  const made = await start()
  await move(made)
  made.tell('wiki', { id: 'main', url: OLD, health: 'down', reason: 'connection refused' })
  await made.settled()
  expect(made.backends('wiki')).toEqual([`main ${NEW} active`])
})

test.each<[string, ConfigDocument, string[]]>([
  ['a third address', documentOf('http://10.0.0.3:80'), ['main http://10.0.0.3:80 active']],
  ['maintenance', documentOf(NEW, { state: 'maintenance' }), [`main ${NEW} maintenance`]],
  ['the end of the service', { version: 1, listeners: [{ id: 'web', port: 8_080 }], services: [] }, []],
])('a save that comes in between and brings %s stands, and nobody is told otherwise', async (_what, document, expected) => {
  const made = await start()
  await move(made)
  const saved = made.configuration.save({ document, by: 'API' })
  made.tell('wiki', { id: 'main', url: NEW, health: 'down', reason: 'connection refused' })
  await saved
  await made.settled()
  expect(made.backends('wiki')).toEqual(expected)
  expect(made.told).toEqual([])
})

test('a change of something else that comes in between is kept', async () => {
  const made = await start()
  await move(made)
  const document = documentOf(NEW)
  const saved = made.configuration.save({
    document: { ...document, services: document.services?.map((service) => ({ ...service, name: 'Renamed' })) ?? [] },
    by: 'API',
  })
  made.tell('wiki', { id: 'main', url: NEW, health: 'down', reason: 'connection refused' })
  await saved
  await made.settled()
  expect(made.backends('wiki')).toEqual([`main ${OLD} active`])
  expect(made.configuration.current.config.services[0]?.name).toBe('Renamed')
})
