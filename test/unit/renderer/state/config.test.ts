import { expect, it } from 'vitest'
import { createBridgeClient } from '../../../../renderer/api/bridge-client'
import { endedDetail } from '../../../../renderer/lib/ended-words'
import { setEnabled } from '../../../../renderer/lib/service-edits'
import { startConfig } from '../../../../renderer/state/config'
import { lockedOut } from '../../../../renderer/state/lock-out'
import { createUndoStack } from '../../../../renderer/state/undo'
import { FakeHost, type FakeWorld } from '../../../support/fake-host'
import { until } from '../../../support/until'

const document = {
  version: 1 as const,
  listeners: [{ id: 'web', port: 80 }],
  services: [
    { id: 'wiki', name: 'Wiki', hosts: ['wiki.lan'], backends: [{ id: 'main', url: 'http://127.0.0.1:3000' }] },
    { id: 'files', name: 'Files', hosts: ['files.lan'], backends: [{ id: 'main', url: 'http://127.0.0.1:4000' }] },
  ],
}

async function start(world: FakeWorld = {}) {
  const host = new FakeHost({ document, ...world })
  const transport = host.connect()
  const client = createBridgeClient({
    send: (frame) => transport.send(frame as never),
    onFrame: (listener) => transport.onFrame(listener),
    shell: undefined as never,
  })
  const undo = createUndoStack()
  const config = startConfig(client, undo)
  await until('the configuration', () => config.get())
  const enabled = (id: string): boolean | undefined => host.document.services?.find((service) => service.id === id)?.enabled
  return { host, client, config, undo, enabled }
}

it('a change tells how many open connections it has ended, and asks before it does', async () => {
  const { client, config } = await start({ ends: 2 })
  expect(await lockedOut(client, document)).toEqual({ addresses: [], total: 0, running: 2 })
  const change = await config.change('Switched Wiki off', (now) => setEnabled(now, 'wiki', false))
  expect(change.ok && endedDetail(change.ended)).toEqual({ detail: '2 open connections were ended.' })
})

it('a change that ends nothing says nothing of it, and asks nothing', async () => {
  const { client, config } = await start()
  expect(await lockedOut(client, document)).toBeNull()
  const change = await config.change('Switched Wiki off', (now) => setEnabled(now, 'wiki', false))
  expect(change.ok && endedDetail(change.ended)).toEqual({})
})

it('a change is saved under its summary, with the revision it was made from', async () => {
  const { host, config, enabled } = await start()
  expect((await config.change('Switched Wiki off', (now) => setEnabled(now, 'wiki', false))).ok).toBe(true)
  expect(enabled('wiki')).toBe(false)
  expect(host.calls.find(({ name }) => name === 'config.put')?.params).toMatchObject({
    baseRevision: '1',
    by: 'window',
    moves: 'watched',
    summary: 'Switched Wiki off',
  })
})

it('a change on top of somebody else’s is made of theirs', async () => {
  const { host, config, enabled } = await start()
  host.document = setEnabled(host.document, 'files', false)
  host.revision = 5
  await config.change('Switched Wiki off', (now) => setEnabled(now, 'wiki', false))
  expect([enabled('wiki'), enabled('files')]).toEqual([false, false])
})

it('undo takes only its own change back, redo makes it again', async () => {
  const { host, config, undo, enabled } = await start()
  const change = await config.change('Switched Wiki off', (now) => setEnabled(now, 'wiki', false))
  host.save(setEnabled(host.document, 'files', false))
  expect(change.ok && (await change.undo())).toBe(true)
  expect([enabled('wiki'), enabled('files')]).toEqual([undefined, false])
  expect(await undo.redo()).toBe('Switched Wiki off')
  expect([enabled('wiki'), enabled('files')]).toEqual([false, false])
})

it('whoever offers Undo hears that the change was taken back by key', async () => {
  const { config, undo } = await start()
  const change = await config.change('Switched Wiki off', (now) => setEnabled(now, 'wiki', false))
  if (!change.ok) throw new Error('refused')
  expect(await undo.undo()).toBe('Switched Wiki off')
  await expect(change.undone).resolves.toBeUndefined()
})

it('a refused change is told with its issues, and nothing is saved', async () => {
  const { host, config, undo } = await start()
  const change = await config.change('Broke it', (now) => ({
    ...now,
    services: [{ id: 'wiki', backends: [{ id: 'main', url: 'ftp://x' }] }],
  }))
  expect(change).toMatchObject({ ok: false, issues: [{ path: 'services[0].backends[0].url' }] })
  expect(host.revision).toBe(1)
  expect(await undo.undo()).toBeNull()
})

it('somebody else’s save is picked up', async () => {
  const { host, config } = await start()
  host.save({ ...host.document, services: [] })
  await until('the other save', () => config.get()?.config.services.length === 0)
})
