import { EventEmitter, once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EngineState } from '../../../proxy/contract/status'
import type { Notice } from '../../../proxy/contract/events'
import type { EngineProcess, EngineSource } from '../../../proxy/host/engine-process'
import { openOwnDocumentFile } from '../../../proxy/host/store/own-document-file'
import type { DocumentFile } from '../../../proxy/host/store/document-file'
import { EventHub } from '../../../proxy/host/event-hub'
import { Supervisor } from '../../../proxy/host/supervisor'
import { documentWith, FakeEngines } from '../../support/fake-engine'
import { startTestHost } from '../../support/test-host'
import { until } from '../../support/until'

function supervise(
  engines: FakeEngines,
  onCrashLoop: () => Promise<void> = () => Promise.resolve(),
  source: EngineSource = engines,
  revision = () => '1',
) {
  const hub = new EventHub()
  const states: EngineState[] = []
  const notices: Pick<Notice, 'level' | 'title' | 'text'>[] = []
  hub.on('engine', (state) => states.push(state))
  const supervisor = new Supervisor({
    engines: source,
    onClosed: () => Promise.resolve(),
    hidden: () => [],
    current: () => ({ revision: revision(), document: documentWith() }),
    onCrashLoop,
    hub,
    notify: (level, title, text) => notices.push({ level, title, text }),
    log: () => undefined,
  })
  return { supervisor, states, notices, hub }
}

describe('a save', () => {
  test('that falls into the start of the engine is acknowledged only when the engine has it', async () => {
    const engines = new FakeEngines()
    let revision = '1'
    const { supervisor } = supervise(engines, undefined, engines, () => revision)
    const gate = new EventEmitter()
    engines.loadsWaitFor = once(gate, 'open').then(() => undefined)
    const started = supervisor.start()
    await until('the first load to be under way', () => engines.asked.includes('load'))
    revision = '2'
    const saved = supervisor.load('2', documentWith()).then(() => [...engines.loaded])
    gate.emit('open')
    expect(await saved).toEqual(['1', '2'])
    await started
  })
})

describe('an engine', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('that crashes is back at once with the configuration, and the person is told', async () => {
    const engines = new FakeEngines()
    const { supervisor, states, notices } = supervise(engines)
    await supervisor.start()
    engines.crash(139)
    await vi.advanceTimersByTimeAsync(100)
    expect(supervisor.state).toMatchObject({ state: 'running', pid: 1_002, restarts: 1, lastFailure: 'it ended with code 139' })
    expect(engines.loaded).toEqual(['1', '1'])
    expect(states.map(({ state }) => state)).toEqual(['starting', 'running', 'restarting', 'restarting', 'running'])
    expect(notices).toEqual([expect.objectContaining({ level: 'warning', title: 'The gateway stopped by itself' })])
  })

  test('that keeps crashing is tried after 1, 2, 4, 8 and 16 s, then every minute for ever, and the person is told once', async () => {
    const engines = new FakeEngines()
    const { supervisor, notices } = supervise(engines)
    await supervisor.start()
    const waits: number[] = []
    for (let crash = 0; crash < 9; crash++) {
      engines.crash(1)
      await vi.advanceTimersByTimeAsync(0)
      if (supervisor.state.nextTryAt === null) break
      waits.push(supervisor.state.nextTryAt - Date.now())
      await vi.advanceTimersByTimeAsync(supervisor.state.nextTryAt - Date.now() + 1)
    }
    expect(waits).toEqual([50, 1_000, 2_000, 4_000, 8_000, 16_000, 60_000, 60_000, 60_000])
    expect(notices.filter(({ title }) => title === 'The gateway does not start')).toHaveLength(1)
    engines.crash(1)
    await vi.advanceTimersByTimeAsync(0)
    expect(supervisor.state.state).toBe('failed')
    await supervisor.start()
    expect(supervisor.state.state).toBe('running')
  })

  test('that ran well for ten seconds is again brought back at once', async () => {
    const engines = new FakeEngines()
    const { supervisor } = supervise(engines)
    await supervisor.start()
    engines.crash(1)
    await vi.advanceTimersByTimeAsync(11_000)
    engines.crash(1)
    await vi.advanceTimersByTimeAsync(100)
    expect(supervisor.state).toMatchObject({ state: 'running', restarts: 2 })
  })

  test('that is there but does not answer for 5 s is ended and brought back', async () => {
    const engines = new FakeEngines()
    const { supervisor } = supervise(engines)
    await supervisor.start()
    engines.silent = true
    await vi.advanceTimersByTimeAsync(7_000)
    engines.silent = false
    await vi.advanceTimersByTimeAsync(100)
    expect(supervisor.state).toMatchObject({ state: 'running', restarts: 1, lastFailure: 'it did not answer for 5 s' })
  })

  test('that hangs over its first configuration is ended and tried again', async () => {
    const engines = new FakeEngines()
    const { supervisor } = supervise(engines)
    engines.silent = true
    const started = supervisor.start()
    await vi.advanceTimersByTimeAsync(7_000)
    engines.silent = false
    await vi.advanceTimersByTimeAsync(100)
    await started
    expect(supervisor.state).toMatchObject({ state: 'running', restarts: 1, lastFailure: 'it did not answer for 5 s' })
  })

  test('that is restarted by two at once runs once', async () => {
    const engines = new FakeEngines()
    const { supervisor } = supervise(engines)
    await supervisor.start()
    await Promise.all([supervisor.restart(), supervisor.restart()])
    expect(supervisor.state.state).toBe('running')
    expect(engines.spawned).toBe(2)
  })

  test('that is stopped stays stopped', async () => {
    const engines = new FakeEngines()
    const { supervisor, notices } = supervise(engines)
    await supervisor.start()
    await supervisor.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(supervisor.state).toMatchObject({ state: 'stopped', pid: null, restarts: 0 })
    expect([engines.spawned, notices]).toEqual([1, []])
    await supervisor.restart()
    expect(supervisor.state.state).toBe('running')
  })

  test('that cannot be spawned at all is tried again, and says why', async () => {
    const engines = new FakeEngines()
    let broken = true
    const start = (): EngineProcess => {
      if (broken) throw new Error('no such file')
      return engines.start()
    }
    const { supervisor } = supervise(engines, undefined, { start, find: () => engines.find(), succeed: () => engines.succeed() })
    await supervisor.start()
    expect(supervisor.state).toMatchObject({ state: 'restarting', lastFailure: 'it could not be started (no such file)' })
    broken = false
    await vi.advanceTimersByTimeAsync(100)
    expect(supervisor.state.state).toBe('running')
  })

  test('that does not drain in time is cut', async () => {
    const engines = new FakeEngines()
    const { supervisor } = supervise(engines)
    await supervisor.start()
    engines.silent = true
    const stopping = supervisor.stop()
    await vi.advanceTimersByTimeAsync(11_000)
    await expect(stopping).resolves.toMatchObject({ state: 'stopped' })
  })
})

describe('a revision that crashes the engine', () => {
  test('three times gives way to the last good one, and the person is told', async () => {
    const test = await startTestHost()
    test.engines.crashesOn = (document) => JSON.stringify(document).includes('poison')
    await test.host.handlers['engine.stop']({})
    await test.host.handlers['config.put']({ document: documentWith({ poison: 3000 }) })
    await test.host.handlers['engine.start']({})
    await until('the last good revision', async () => (await test.current()).revision === '3')
    expect((await test.current()).document).toEqual(documentWith())
    const state = await until('a running engine', async () => {
      const { engine } = await test.host.handlers.status({})
      return engine.state === 'running' ? engine : null
    })
    expect(state.restarts).toBe(3)
    expect(test.notices.map(({ title }) => title)).toContain('An earlier configuration is serving')
    expect((await test.host.handlers.history({}))[0]).toMatchObject({
      by: 'AstroRelay',
      summary: 'Went back to revision 1: revision 2 crashed the gateway',
    })
  })

  test('is passed over for one before it, when it comes back by another name', async () => {
    const test = await startTestHost()
    test.engines.crashesOn = (document) => JSON.stringify(document).includes('poison')
    await test.host.handlers['engine.stop']({})
    await test.host.handlers['config.put']({ document: documentWith({ poison: 3000 }) })
    await test.host.handlers['config.put']({ document: documentWith({ poison: 3001 }) })
    await test.host.handlers['engine.start']({})
    await until('the one good revision', async () => (await test.current()).revision === '5', 20_000)
    expect((await test.current()).document).toEqual(documentWith())
  }, 30_000)

  test('in the very moment it is saved is not saved', async () => {
    const test = await startTestHost()
    test.engines.crashesOn = (document) => JSON.stringify(document).includes('poison')
    await expect(Promise.resolve(test.host.handlers['config.put']({ document: documentWith({ poison: 3000 }) }))).rejects.toMatchObject({
      code: 'AR_ENGINE',
      message: 'The gateway stopped while it was taking this change. Nothing was changed.',
    })
    await until('the engine to be back', () => test.engines.loaded.length === 2)
    expect(await test.current()).toEqual({ revision: '1', document: documentWith() })
  })
})

test('an engine that dies while what it has taken is written is followed by one that serves it, too', async () => {
  const engines = new FakeEngines()
  const openDocumentFile = (file: string): DocumentFile => ({
    ...openOwnDocumentFile(file),
    async writeLong(text) {
      engines.crash()
      await until('the next engine, with the document of before', () => engines.spawned === 2 && engines.loaded.length === 3)
      await openOwnDocumentFile(file).writeLong?.(text)
    },
  })
  const test = await startTestHost({ stored: documentWith({ wiki: 3000 }), engines, openDocumentFile })
  const blocked = Array.from({ length: 10_000 }, (_, n) => ({ from: `10.0.${n >> 8}.${n & 255}` }))
  await test.host.handlers['config.put']({ document: { ...documentWith({ wiki: 3001 }), blocked } })
  expect(engines.loaded).toEqual(['1', '2', '1', '2'])
})

test('a listener that fails is told of; ticks become the traffic of its service', async () => {
  const test = await startTestHost({ stored: documentWith({ wiki: 3000 }) })
  test.engines.emit('listener', {
    id: 'web',
    address: '127.0.0.1',
    port: 80,
    protocol: 'http',
    state: 'failed',
    reason: 'port 80 is in use by nginx (pid 812)',
    code: 'in-use',
    holder: { pid: 812, name: 'nginx' },
    connections: 0,
  })
  const notice = await until('the notice', () => test.notices[0])
  expect(notice).toMatchObject({
    level: 'warning',
    text: 'Port 80 is in use by nginx (pid 812). It is tried again; everything else serves.',
    place: '/settings',
  })
  const traffic = {
    requests: 60,
    answers: [0, 60, 0, 0, 0],
    refused: 0,
    failed: 0,
    bytesIn: 0,
    bytesOut: 0,
    inFlight: 0,
    perSecond: 60,
    latency: null,
  }
  const heard = new Promise((resolve) => test.host.on('tick', resolve))
  test.engines.emit('tick', { at: Date.now(), connections: 1, services: [{ id: 'wiki', traffic }] })
  await heard
  const { services } = await test.host.handlers['traffic.recent']({})
  expect(services['wiki']?.at(-1)).toBe(1)
  await expect(Promise.resolve().then(() => test.host.handlers['traffic.series']({ id: 'nobody', minutes: 5 }))).rejects.toMatchObject({
    code: 'AR_NOT_FOUND',
  })
})

test('while the gateway is stopped the status still lists what there is, and why it does not serve', async () => {
  const test = await startTestHost({ stored: documentWith({ wiki: 3000 }) })
  await test.host.handlers['engine.stop']({})
  const status = await test.host.handlers.status({})
  expect(status).toMatchObject({
    engine: { state: 'stopped' },
    listeners: [{ id: 'web', state: 'failed', reason: 'the gateway is stopped' }],
    services: [{ id: 'wiki', state: 'down', addresses: ['http://wiki.test:8080'], backends: [{ id: 'main' }] }],
  })
})
