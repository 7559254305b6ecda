import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { buildOnce } from '../../support/build-once'
import { ask } from '../../support/ask'
import { serve, type Served } from '../../support/cli'
import { backend, documentOf, prepared, statusOf } from '../../support/prepared'
import { startTestHost } from '../../support/test-host'
import { until } from '../../support/until'

const CLIENT = '203.0.113.9'

/** A gateway behind a trusted proxy, so that a test can be a client from elsewhere: who asks for `shut.test` twice is blocked. */
async function setUp() {
  const { data, port } = await prepared()
  const url = await backend('let in')
  const document: ConfigDocument = {
    ...documentOf(port, url),
    settings: { trustedProxies: ['127.0.0.1'], autoBlock: { enabled: true, refusals: 2, within: '1h', for: '1h' } },
  }
  document.services?.push({
    id: 'shut',
    hosts: ['shut.test'],
    backends: [{ id: 'main', url }],
    access: { rules: [{ action: 'deny', from: 'anyone' }] },
  })
  writeFileSync(path.join(data, 'config.json'), JSON.stringify(document))
  const from = async (client: string, host = 'wiki.test'): Promise<number> =>
    (await ask(port, '/', { headers: { host, 'x-forwarded-for': client } })).status
  return { data, from, document }
}

/** Asks again and again from the blocked address until `over`; what is refused to be connected to is no answer. */
async function answersUntil(from: (client: string) => Promise<number>, over: () => Promise<boolean>): Promise<Set<number>> {
  const answers = new Set<number>()
  await until('the gateway to be back, and to answer', async () => {
    const isOver = await over()
    const answer = await from(CLIENT).catch(() => null)
    if (answer !== null) answers.add(answer)
    return isOver && answer !== null
  })
  return answers
}

async function blockItself(from: (client: string, host?: string) => Promise<number>): Promise<void> {
  expect(await from(CLIENT)).toBe(200)
  for (let strike = 0; strike < 2; strike++) expect(await from(CLIENT, 'shut.test')).toBe(403)
  expect([await from(CLIENT), await from('203.0.113.10')]).toEqual([403, 200])
}

async function killEngine(gateway: Served): Promise<void> {
  const { pid } = (await statusOf(gateway)).engine
  if (pid === null) throw new Error('the engine has no pid')
  process.kill(pid, 'SIGKILL')
}

describe.skipIf(process.platform === 'win32')('a client that was blocked by itself', () => {
  beforeAll(buildOnce, 120_000)

  test('stays blocked where the engine is killed, also three times in a minute on a revision that is new', async () => {
    const { data, from, document } = await setUp()
    const gateway = await serve(data)
    await gateway.api('PUT', '/config', { ...document, blocked: [] })
    await blockItself(from)
    for (let crash = 1; crash <= 3; crash++) {
      await killEngine(gateway)
      const answers = await answersUntil(from, async () => {
        const { state, restarts } = (await statusOf(gateway)).engine
        return state === 'running' && restarts === crash
      })
      expect([...answers]).toEqual([403])
    }
    expect(await from('203.0.113.10')).toBe(200)
  })

  test('stays blocked where the host is killed, or told to end, and starts again', async () => {
    const { data, from } = await setUp()
    const file = path.join(data, 'blocks.json')
    const first = await serve(data)
    await blockItself(from)
    await until('the block to be written', () => existsSync(file) && readFileSync(file, 'utf8').includes(CLIENT))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    first.child.kill('SIGKILL')
    await first.ended
    let starting = true
    const next = serve(data).finally(() => (starting = false))
    expect([...(await answersUntil(from, () => Promise.resolve(!starting)))]).toEqual([403])
    const second = await next
    second.child.kill('SIGTERM')
    await second.ended
    await serve(data)
    expect([await from(CLIENT), await from('203.0.113.10')]).toEqual([403, 200])
  })

  test('is let in again by hand, and a crash does not take that back', async () => {
    const { data, from } = await setUp()
    const gateway = await serve(data)
    await blockItself(from)
    expect(await (await gateway.api('POST', '/access/unblock', { address: CLIENT })).json()).toEqual({ ended: true })
    await killEngine(gateway)
    const answers = await answersUntil(from, async () => (await statusOf(gateway)).engine.restarts === 1)
    expect([...answers]).toEqual([200])
  })
})

test('whom an engine has blocked while nobody listened is learnt of once it runs for this host', async () => {
  const first = await startTestHost()
  const block = { address: CLIENT, since: Date.now(), rest: 3_600_000, reason: 'refused often' }
  first.engines.blocks = [block]
  await first.host.handlers['engine.restart']({})
  const file = path.join(first.data, 'blocks.json')
  await until('it to be written', () => existsSync(file) && readFileSync(file, 'utf8').includes(CLIENT))
  await first.stop()
  const second = await startTestHost({ data: first.data })
  expect(second.engines.blocks).toEqual([{ ...block, rest: expect.any(Number) }])
  expect(second.engines.blocks[0]?.rest).toBeLessThanOrEqual(block.rest)
})
