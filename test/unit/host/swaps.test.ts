import { expect, onTestFinished, test, vi } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { Swaps } from '../../../proxy/host/backends/swaps'
import { type Configured, configured } from '../../support/configured'
import { freePort } from '../../support/free-port'
import { backendOf, serviceOf } from '../../support/live-services'
import { backend } from '../../support/prepared'

const OLD = 'http://10.0.0.1:80'

interface Swapping extends Configured {
  readonly swaps: Swaps
}

async function start(...more: readonly Readonly<Record<string, unknown>>[]): Promise<Swapping> {
  const made = await configured({
    version: 1,
    listeners: [{ id: 'web', port: 8_080 }],
    services: [{ id: 'wiki', name: 'The wiki', hosts: ['wiki.test'], backends: [{ id: 'main', url: OLD, weight: 3 }, ...more] }],
  } as ConfigDocument)
  const swaps = new Swaps({ ...made, surroundings: () => ({ ownAddresses: [], ownNames: [] }) })
  onTestFinished(() => swaps.stop())
  return Object.assign(made, { swaps })
}

/** Swaps `main` for a server that answers. */
async function swap(made: Swapping): Promise<{ readonly added: string; readonly url: string }> {
  const url = await backend('new')
  const { backend: added } = await made.swaps.start('wiki', 'main', url, 'window')
  return { added, url }
}

function fails(made: Swapping, id: string, url: string): void {
  made.tell('wiki', { id, url, health: 'down', reason: 'connection refused' })
}

const saveAs = (made: Swapping, edit: (services: NonNullable<ConfigDocument['services']>) => NonNullable<ConfigDocument['services']>) =>
  made.configuration.edit((document) => ({ ...document, services: edit(document.services ?? []) }), 'API', 'Something in between')

test('a swap gives the work to the new server and drains the old one, in one save; the new one has all that the old one had', async () => {
  const made = await start({ id: 'other', url: 'http://10.0.0.7:80' })
  const before = Number(made.configuration.current.revision)
  const { added, url } = await swap(made)
  expect(made.backends('wiki')).toEqual([`${added} ${url} active`, `main ${OLD} draining`, 'other http://10.0.0.7:80 active'])
  expect(Number(made.configuration.current.revision) - before).toBe(1)
  expect(made.configuration.current.document.services?.[0]?.backends?.[0]).toMatchObject({ weight: 3, replaces: 'main' })
})

test('a server that cannot be reached, answers 500, or is there already is refused with the reason, and nothing changes', async () => {
  const made = await start()
  const nobody = `http://127.0.0.1:${await freePort()}`
  await expect(made.swaps.start('wiki', 'main', nobody, 'window')).rejects.toThrow('The swap was not begun')
  await expect(made.swaps.start('wiki', 'main', `${OLD}/`, 'window')).rejects.toThrow('this is where the backend is already')
  await expect(made.swaps.start('wiki', 'gone', nobody, 'window')).rejects.toThrow('“The wiki” has no backend “gone”.')
  await expect(made.swaps.start('lost', 'main', nobody, 'window')).rejects.toThrow('There is no service “lost”.')
  expect(made.backends('wiki')).toEqual([`main ${OLD} active`])
})

test('of two swaps to one server at once, the second is refused', async () => {
  const made = await start({ id: 'other', url: 'http://10.0.0.7:80' })
  const url = await backend('new')
  const results = await Promise.allSettled(['main', 'other'].map((id) => made.swaps.start('wiki', id, url, 'window')))
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(made.backends('wiki').filter((line) => line.includes(url))).toHaveLength(1)
})

test('Undo gives the old server its work back and drains the new one, named by either of them; twice there is nothing to take back', async () => {
  for (const name of ['old', 'new']) {
    const made = await start()
    const { added, url } = await swap(made)
    await expect(made.swaps.undo('wiki', name === 'old' ? 'main' : added, 'window')).resolves.toMatchObject({ backend: 'main' })
    expect(made.backends('wiki')).toEqual([`${added} ${url} draining`, `main ${OLD} active`])
    await expect(made.swaps.undo('wiki', 'main', 'window')).rejects.toThrow('There is no swap of “main” to take back.')
  }
})

test('a swap after an undone one to the same server takes the place of what that left behind', async () => {
  const made = await start()
  const { added, url } = await swap(made)
  await made.swaps.undo('wiki', 'main', 'window')
  await saveAs(made, (services) =>
    services.map((one) => ({
      ...one,
      backends: (one.backends ?? []).map((other) => (other.id === added ? { ...other, state: 'maintenance' as const } : other)),
    })),
  )
  await made.swaps.start('wiki', 'main', url, 'window')
  expect(made.backends('wiki')).toEqual([`${added} ${url} active`, `main ${OLD} draining`])
})

test('a new server that fails within its probation is taken out, the old one answers again, and that is told', async () => {
  const made = await start()
  const { added, url } = await swap(made)
  fails(made, added, url)
  await made.settled()
  expect(made.backends('wiki')).toEqual([`main ${OLD} active`])
  expect(made.told).toMatchObject([
    {
      title: 'The swap in The wiki was taken back',
      text: 'The new backend does not do the work (connection refused). main answers again.',
    },
  ])
})

test('a new server that failed while the swap was still being saved is taken out, too', async () => {
  const made = await start()
  const url = await backend('new')
  made.onLoad = () => {
    const id = `127-0-0-1-${new URL(url).port}`
    made.supervisor.services = [serviceOf({ id: 'wiki', backends: [backendOf({ id, url, health: 'down', reason: 'no answer' })] })]
    made.onLoad = () => undefined
  }
  await made.swaps.start('wiki', 'main', url, 'window')
  await made.settled()
  expect(made.backends('wiki')).toEqual([`main ${OLD} active`])
})

test('what fails after its probation, or after Undo, or what is no swap at all, is taken out by nobody', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const late = await start()
  const first = await swap(late)
  vi.advanceTimersByTime(30_000)
  fails(late, first.added, first.url)
  await late.settled()
  expect(late.backends('wiki')).toEqual([`${first.added} ${first.url} active`, `main ${OLD} draining`])

  const undone = await start()
  const second = await swap(undone)
  await undone.swaps.undo('wiki', 'main', 'window')
  fails(undone, second.added, second.url)
  fails(undone, 'main', OLD)
  await undone.settled()
  expect(undone.backends('wiki')).toEqual([`${second.added} ${second.url} draining`, `main ${OLD} active`])
  expect([...late.told, ...undone.told]).toEqual([])
})

test.each<
  [string, (added: string) => (services: NonNullable<ConfigDocument['services']>) => NonNullable<ConfigDocument['services']>, RegExp[]]
>([
  [
    'removes the old server',
    () => (services) => services.map((one) => ({ ...one, backends: (one.backends ?? []).filter(({ id }) => id !== 'main') })),
    [/^127-0-0-1-\d+ \S+ active$/],
  ],
  [
    'gives the new server another address',
    (added) => (services) =>
      services.map((one) => ({
        ...one,
        backends: (one.backends ?? []).map((other) => (other.id === added ? { ...other, url: 'http://10.0.0.9:80' } : other)),
      })),
    [/^\S+ http:\/\/10\.0\.0\.9:80 active$/, /^main \S+ draining$/],
  ],
  [
    'takes the new server out',
    (added) => (services) =>
      services.map((one) => ({
        ...one,
        backends: (one.backends ?? []).map((other) => (other.id === added ? { ...other, state: 'maintenance' as const } : other)),
      })),
    [/^\S+ \S+ maintenance$/, /^main \S+ draining$/],
  ],
  ['deletes the service', () => () => [], []],
])('a save that comes before the roll-back and %s stands, and nobody is told otherwise', async (_what, edit, expected) => {
  const made = await start()
  const { added, url } = await swap(made)
  const saved = saveAs(made, edit(added))
  fails(made, added, url)
  await saved
  await made.settled()
  expect(made.backends('wiki')).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
  expect(made.told).toEqual([])
})

test('a save that ends the swap before Undo has its turn: Undo says that there is nothing to take back', async () => {
  const made = await start()
  await swap(made)
  const saved = saveAs(made, (services) =>
    services.map((one) => ({ ...one, backends: (one.backends ?? []).filter(({ id }) => id !== 'main') })),
  )
  const undone = made.swaps.undo('wiki', 'main', 'window')
  await expect(undone).rejects.toThrow('There is no swap of “main” to take back.')
  await saved
  expect(made.backends('wiki')).toHaveLength(1)
})

test('a change of something else that comes before the roll-back is kept', async () => {
  const made = await start()
  const { added, url } = await swap(made)
  const saved = saveAs(made, (services) => services.map((one) => ({ ...one, name: 'Renamed' })))
  fails(made, added, url)
  await saved
  await made.settled()
  expect(made.backends('wiki')).toEqual([`main ${OLD} active`])
  expect(made.configuration.current.config.services[0]?.name).toBe('Renamed')
})
