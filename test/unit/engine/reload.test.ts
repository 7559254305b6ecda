import { expect, test } from 'vitest'
import { InterfaceWatch } from '../../../proxy/engine/access/interfaces'
import type { ListenerSet } from '../../../proxy/engine/edge/listener-set'
import { emptyWorld } from '../../../proxy/engine/reload/empty-world'
import { adopt, reload } from '../../../proxy/engine/reload/reload'
import { TimerWheel } from '../../../proxy/engine/time/timer-wheel'
import type { World } from '../../../proxy/engine/world/world'
import { Dialer, SYSTEM_LOOKUP } from '../../../proxy/outbound/dialer'
import { until } from '../../support/until'

const NOW = 1_000_000

/** A gateway of which only the configuration lives: `open` stands for the ports that a load has to have first. */
function setUp() {
  const interfaces = new InterfaceWatch(() => ({}))
  let world = emptyWorld(interfaces)
  const opened: (() => void)[] = []
  const ports = { fail: false }
  const listeners = {
    open: () => new Promise<void>((resolve, reject) => void opened.push(() => (ports.fail ? reject(new Error('no port')) : resolve()))),
    settle: () => undefined,
    explained: () => Promise.resolve(),
    status: () => [],
  } satisfies Partial<ListenerSet>
  const swap = (next: World): void => {
    const before = world
    world = next
    adopt(before, next, { at: NOW, elapsed: NOW })
  }
  const wheel = new TimerWheel()
  const dialer = new Dialer({ lookup: SYSTEM_LOOKUP, isOwnListener: () => false })
  const load = (backends: readonly object[]) => {
    const document = { version: 1, services: [{ id: 'one', backends }] }
    return reload('1', document, [], {
      listeners,
      interfaces,
      dialer,
      wheel,
      world: () => world,
      swap,
    })
  }
  const finish = async (): Promise<void> => {
    await asked()
    opened.shift()?.()
  }
  const asked = (): Promise<unknown> => until('the load to ask for its ports', () => opened.length > 0)
  return { load, finish, asked, ports, of: (id: string) => world.backends.get('one')?.find(({ config }) => config.id === id) }
}
const a = (more: object = {}) => ({ id: 'a', url: 'http://127.0.0.1:1', ...more })

test('a load that waits for its ports has changed nothing that serves; what it changes it changes at once when it is through', async () => {
  const { load, finish, asked, of } = setUp()
  const first = load([a()])
  await finish()
  await first
  const before = of('a')
  if (before === undefined) expect.fail('there is no backend')
  const second = load([
    a({ state: 'draining', weight: 7, maxConnections: 3, tls: { verify: false } }),
    { id: 'b', url: 'http://127.0.0.1:2' },
  ])
  await asked()
  expect(of('a')).toBe(before)
  expect([before.config.state, before.config.weight, before.isFull, before.live.drainSince, of('b')]).toEqual([
    'active',
    1,
    false,
    null,
    undefined,
  ])
  await finish()
  await second
  const after = of('a')
  expect([after?.config.state, after?.config.weight, after?.live.drainSince?.at, of('b')?.config.id]).toEqual(['draining', 7, NOW, 'b'])
  // What was known of it goes on, and whoever holds the former entry still sees the world it began in.
  expect(after?.live).toBe(before.live)
  expect(before.config.state).toBe('active')
})

test('a load that fails for its ports leaves everything as it was', async () => {
  const { load, finish, ports, of } = setUp()
  const first = load([a()])
  await finish()
  await first
  const before = of('a')
  ports.fail = true
  const second = load([a({ state: 'maintenance' }), { id: 'b', url: 'http://127.0.0.1:2' }])
  await finish()
  await expect(second).rejects.toThrow('no port')
  expect(of('a')).toBe(before)
  expect([before?.config.state, before?.live.drainSince, of('b')]).toEqual(['active', null, undefined])
})
