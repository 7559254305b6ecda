import { connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Tick } from '../../../proxy/contract/events'
import { listenersAfterTick, servicesAfterHealth, servicesAfterTick } from '../../../proxy/contract/merge-status'
import type { EngineStatus } from '../../../proxy/contract/status'
import { ask } from '../../support/ask'
import { freePort } from '../../support/free-port'
import { type Gateway, startGateway } from '../../support/gateway'
import { backend } from '../../support/prepared'
import { until } from '../../support/until'

async function start(): Promise<Gateway> {
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  return gateway
}

function ticksOf({ events }: Gateway): Tick[] {
  return events.flatMap((event) => (event.name === 'tick' && 'services' in event.payload ? [event.payload] : []))
}

/** A status as a host keeps it: the first one, moved by all that was told since. */
function moved(first: EngineStatus, { events }: Gateway): EngineStatus {
  let { services, listeners } = first
  for (const { name, payload } of events) {
    if (name === 'tick' && 'services' in payload) {
      services = servicesAfterTick(services, payload)
      listeners = listenersAfterTick(listeners, payload)
    } else if (name === 'health' && 'onBackup' in payload) services = servicesAfterHealth(services, payload)
  }
  return { ...first, services, listeners }
}

test('a status that is moved by events is what the engine would tell if it were asked', async () => {
  const gateway = await start()
  await gateway.serve(
    { id: 'wiki', hosts: ['wiki.test'], backends: [{ id: 'main', url: await backend('wiki') }], health: { interval: '2s' } },
    { id: 'lost', hosts: ['lost.test'], backends: [{ id: 'main', url: `http://127.0.0.1:${await freePort()}` }], health: { fall: 1 } },
  )
  const first = await gateway.status()
  for (let n = 0; n < 5; n++) expect((await ask(gateway.port, '/', { headers: { host: 'wiki.test' } })).text).toBe('wiki')
  await ask(gateway.port, '/', { headers: { host: 'lost.test' } })
  await until('checks and requests are told', async () => {
    const before = await gateway.status()
    const kept = moved(first, gateway)
    // What is asked for again tells whether something happened between the two.
    return (
      before.services.every(({ backends }) => backends.every(({ lastCheck }) => lastCheck !== null)) &&
      JSON.stringify(kept.services) === JSON.stringify(before.services) &&
      JSON.stringify(kept.listeners) === JSON.stringify(before.listeners)
    )
  })
  const kept = moved(first, gateway)
  expect(kept.services.find(({ id }) => id === 'wiki')?.backends[0]).toMatchObject({ requests: 5, failed: 0, health: 'up' })
  expect(kept.services.find(({ id }) => id === 'lost')).toMatchObject({ state: 'down', backends: [{ health: 'down' }] })
})

test('every tick tells what goes on, as the status does', async () => {
  const gateway = await start()
  await gateway.serve({ id: 'wiki', backends: [{ id: 'main', url: await backend('wiki') }], health: { type: 'off' } })
  const socket = connect(gateway.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await until('the connection is told', () => ticksOf(gateway).at(-1)?.busy?.connections === 1)
  expect(ticksOf(gateway).at(-1)?.busy).toEqual((await gateway.status()).busy)
})

test('of a thousand backends a tick names only those that have moved', async () => {
  const gateway = await start()
  const url = await backend('one of many')
  const backends = Array.from({ length: 1_000 }, (_, at) => ({ id: `b${at}`, url: `${url}/${at}` }))
  await gateway.serve({ id: 'many', hosts: ['many.test'], backends, health: { type: 'off' } })
  await until('a tick after the load', () => ticksOf(gateway).length > 0)
  const before = ticksOf(gateway).length
  await ask(gateway.port, '/', { headers: { host: 'many.test' } })
  await until('two ticks more', () => ticksOf(gateway).length > before + 2)
  const told = ticksOf(gateway).slice(before)
  expect(told.flatMap((tick) => tick.backends ?? []).filter(({ requests }) => requests > 0)).toHaveLength(1)
  expect(told.filter(({ backends: named }) => named === undefined).length).toBeGreaterThan(0)
})

test('a port that is free again makes its service well, and a tick tells it', async () => {
  const gateway = await start()
  const taken = createServer()
  await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve))
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await gateway.load({
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: [{ id: 'wiki', hosts: ['wiki.test'], backends: [{ id: 'main', url: await backend('wiki') }] }],
  })
  expect((await gateway.status()).services[0]?.state).toBe('down')
  taken.close()
  const verdict = await until(
    'the verdict',
    () =>
      ticksOf(gateway)
        .flatMap(({ verdicts }) => verdicts ?? [])
        .find(({ state }) => state === 'online'),
    20_000,
  )
  expect(verdict).toEqual({ id: 'wiki', state: 'online', reason: null, onBackup: false })
})
