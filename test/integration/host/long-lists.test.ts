import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { documentWith } from '../../support/fake-engine'
import { startTestHost } from '../../support/test-host'
import { turnsDuring } from '../../support/turns-during'
import { until } from '../../support/until'

const COUNT = 100_000

const networks = (first = 0) =>
  Array.from({ length: COUNT }, (_, n) => ({
    from: `${1 + ((n + first) >> 16)}.${((n + first) >> 8) & 255}.${(n + first) & 255}.0/24`,
    reason: 'list',
  }))

test('a save of 100,000 networks lies in file and history as it was written, and nobody waits for it meanwhile', async () => {
  const { host, file, current, engines } = await startTestHost()
  const document = { ...documentWith({ wiki: 3_000 }), blocked: networks() }
  expect((await turnsDuring(host.handlers['config.put']({ document }))).turns).toBeGreaterThan(20)
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(document, null, 2)}\n`)
  expect((await current()).document).toEqual(document)
  expect((await host.handlers['history.get']({ revision: '2' })).document).toEqual(document)
  expect(engines.loaded).toEqual(['1', '2'])
})

test('a check of 100,000 networks, which neither the engine nor the disk takes part in, keeps nobody waiting', async () => {
  const { host } = await startTestHost()
  const checked = await turnsDuring(
    host.handlers['config.check']({ document: { ...documentWith(), blocked: [...networks(), { from: '1.2.3' }] } }),
  )
  expect(checked.result.issues.map(({ path }) => path)).toEqual(['blocked[100000].from'])
  expect(checked.turns).toBeGreaterThan(5)
})

test('saves that come at once end in their order, each with what the one before it left', async () => {
  const { host, current, engines } = await startTestHost()
  const blocked = networks()
  const first = host.handlers['config.put']({ document: { ...documentWith({ wiki: 3_000 }), blocked } })
  const second = host.handlers['config.put']({ document: { ...documentWith({ wiki: 3_001 }), blocked: networks() } })
  const third = host.handlers['config.put']({ document: documentWith({ wiki: 3_002 }), baseRevision: '1' })
  expect(await Promise.allSettled([first, second, third])).toMatchObject([
    { value: { revision: '2' } },
    { value: { revision: '3' } },
    { reason: { code: 'AR_CONFLICT', revision: '3' } },
  ])
  expect((await current()).document).toEqual({ ...documentWith({ wiki: 3_001 }), blocked })
  expect(engines.loaded).toEqual(['1', '2', '3'])
  const [newest] = await host.handlers.history({})
  expect(newest?.summary).toBe('Changed wiki')
})

test('a list that somebody writes into the file is taken, one with a mistake is told of by its line, and history leads back', async () => {
  const { host, file, current, notices } = await startTestHost()
  const edited = { ...documentWith(), blocked: networks() }
  writeFileSync(file, JSON.stringify(edited, null, 2))
  await until('the edited file', async () => (await current()).revision === '2')
  writeFileSync(file, JSON.stringify(edited, null, 2).replace('"2.134.159.0/24"', '"2.134.159.0/33"'))
  await until('a word on the mistake', () => notices.length > 0)
  expect(notices[0]?.text).toContain(`blocked[99999].from: “2.134.159.0/33” is no address`)
  expect(notices[0]?.text).toMatch(/line 400\d{3}, /)
  await host.handlers['config.put']({ document: { ...edited, blocked: networks(9) } })
  await host.handlers['history.restore']({ revision: '2' })
  expect((await current()).document).toEqual(edited)
})

test('a host that starts again knows the revisions of long documents without reading them', async () => {
  const before = await startTestHost()
  await before.host.handlers['config.put']({ document: { ...documentWith(), blocked: networks() }, summary: 'A list' })
  await before.stop()
  const { host } = await startTestHost({ data: before.data })
  expect((await host.handlers.history({})).map(({ revision, summary }) => [revision, summary])).toEqual([
    ['2', 'A list'],
    ['1', 'First configuration'],
  ])
})
