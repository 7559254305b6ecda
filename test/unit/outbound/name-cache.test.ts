import type { LookupFunction } from 'node:net'
import { expect, test } from 'vitest'
import { cachedLookup } from '../../../proxy/outbound/name-cache'

type Resolve = Parameters<LookupFunction>[2]
function setUp() {
  const asked: { host: string; answer: Resolve }[] = []
  const clock = { now: 0 }
  const lookup = cachedLookup(
    (host, _, answer) => void asked.push({ host, answer }),
    () => clock.now,
  )
  const resolve = (host: string): Promise<string> =>
    new Promise((done) => {
      lookup(host, { all: true }, (error, found) =>
        done(error ? (error.code ?? '') : Array.isArray(found) ? found.map(({ address }) => address).join() : found),
      )
    })
  return { asked, clock, resolve }
}
const good = [{ address: '10.0.0.1', family: 4 }]
const bad = Object.assign(new Error('no'), { code: 'EAI_AGAIN' })

test('many requests for one name ask the system once', async () => {
  const { asked, resolve } = setUp()
  const all = [resolve('a'), resolve('a'), resolve('a')]
  expect(asked).toHaveLength(1)
  asked[0]?.answer(null, good)
  expect(await Promise.all([...all, resolve('a')])).toEqual(['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.1'])
  expect(asked).toHaveLength(1)
})

test('an answer holds a few seconds, and a failure after it leaves the last good one', async () => {
  const { asked, clock, resolve } = setUp()
  const first = resolve('a')
  asked[0]?.answer(null, good)
  await first
  clock.now = 6_000
  const second = resolve('a')
  expect(asked).toHaveLength(2)
  asked[1]?.answer(bad, [])
  expect(await second).toBe('10.0.0.1')
})

test('a name that was never found fails with the system’s reason, and is asked again after a second', async () => {
  const { asked, clock, resolve } = setUp()
  const first = resolve('a')
  asked[0]?.answer(bad, [])
  expect(await first).toBe('EAI_AGAIN')
  clock.now = 2_000
  const second = resolve('a')
  asked[1]?.answer(null, good)
  expect(await second).toBe('10.0.0.1')
})
