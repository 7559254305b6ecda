import { expect, test } from 'vitest'
import type { Blocked } from '../../../proxy/contract/config/access'
import { addressNotes } from '../../../proxy/contract/host-bits'
import { isSame, withKnownLists } from '../../../proxy/contract/known-lists'
import { configParsing, parseConfig } from '../../../proxy/contract/parse'
import { atOnce, type Steps } from '../../../proxy/contract/steps'
import { compile } from '../../../proxy/engine/reload/compile'
import { rangeSet } from '../../../proxy/engine/access/range-set'
import { documentTextSteps } from '../../../proxy/host/store/document-text'
import { documentWith } from '../../support/fake-engine'

const COUNT = 20_000
/** Of 300,000 entries this is a fraction of a millisecond’s work in each of the steps below. */
const MOST = 2_048

const address = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`

/** Entries that count how often they are looked at. */
function watched(count = COUNT) {
  let looks = 0
  const entries = Array.from({ length: count }, (_, n) => {
    const from = address(n)
    return {
      action: 'deny' as const,
      get from() {
        looks++
        return from
      },
    }
  })
  return { entries, looks: () => looks }
}

/** The most looks between two stops of some work, and what came of it. */
function longest<Result>(steps: Steps<Result>, looks: () => number): { most: number; result: Result } {
  let most = 0
  for (let before = looks(); ; before = looks()) {
    const step = steps.next()
    most = Math.max(most, looks() - before)
    if (step.done === true) return { most, result: step.value }
  }
}

const document = (list: readonly object[]) => ({
  ...documentWith({ wiki: 3_000 }),
  accessLists: [{ id: 'countries', rules: list }],
})
const list = (last = '::1'): Blocked[] => [...Array.from({ length: 1_000 }, (_, n) => ({ from: address(n) })), { from: last }]

const wrong = (count: number) =>
  parseConfig({
    ...documentWith(),
    blocked: Array.from({ length: count }, (_, n) => ({ from: n % 2 === 0 ? '1.2.3' : address(n), ...(n === 4 ? { why: 1 } : {}) })),
  })

const rules = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    n === 3 ? { from: address(n) } : n === 5 ? { action: 'deny', from: address(n), list: 'x' } : { action: 'deny', from: address(n) },
  )

const paths = (count: number): string[] => {
  const { services } = documentWith({ wiki: 3_000 })
  const parsed = parseConfig({
    ...documentWith(),
    services: services?.map((one) => ({ ...one, access: { rules: rules(count) } })),
    accessLists: [{ id: 'a', rules: rules(count) }],
  })
  return parsed.ok ? [] : parsed.issues.map(({ path }) => path)
}

const interfaces = { networks: rangeSet([]), named: () => rangeSet([]), isOwn: () => false, version: 0 }

test('parsing, checking, compiling, comparing and writing stop at least every two thousand looks at a list’s entries', () => {
  const { entries, looks } = watched()
  const others = watched()
  const parsed = longest(
    configParsing({ ...document(entries), services: [{ ...documentWith({ wiki: 3_000 }).services?.[0], access: { rules: entries } }] }),
    looks,
  )
  if (!parsed.result.ok) expect.fail(JSON.stringify(parsed.result.issues.slice(0, 3)))
  const { config, document: known } = parsed.result
  const found = {
    parsed: parsed.most,
    compiled: longest(compile('1', config, interfaces, []), looks).most,
    noted: longest(addressNotes(config), looks).most,
    compared: longest(withKnownLists(document(others.entries), known), looks).most,
    written: longest(documentTextSteps(known), looks).most,
  }
  expect(looks()).toBeGreaterThan(4 * COUNT)
  expect(Object.entries(found).filter(([, most]) => most > MOST)).toEqual([])
})

test('a list that was checked and compiled is not looked at again by a load that brings the very same', () => {
  const { entries, looks } = watched()
  const load = (): void => {
    const parsed = parseConfig(document(entries))
    if (!parsed.ok) expect.fail('not valid')
    atOnce(
      compile(
        '1',
        {
          ...parsed.config,
          services: parsed.config.services.map((one) => ({ ...one, access: { ...one.access, rules: [{ list: 'countries' }] } })),
        },
        interfaces,
        [],
      ),
    )
  }
  load()
  const before = looks()
  load()
  expect(looks()).toBe(before)
})

test('a long list that says the same is taken for the known one, by itself; one that does not stays another', () => {
  const known = {
    ...documentWith(),
    blocked: list(),
    accessLists: [{ id: 'a', rules: list().map((entry) => ({ action: 'deny' as const, ...entry })) }],
  }
  const copy: typeof known = JSON.parse(JSON.stringify(known))
  const same = atOnce(withKnownLists(copy, known))
  expect(same).toEqual(known)
  expect(Reflect.get(Object(same), 'blocked')).toBe(known.blocked)
  expect(isSame(same, known)).toBe(true)
  const other = atOnce(withKnownLists({ ...copy, blocked: list('::2') }, known))
  expect(isSame(other, known)).toBe(false)
})

test('wrong entries of a long list are told by their place with the words of a short one, a hundred of them', () => {
  const [few, many] = [wrong(7), wrong(10_001)]
  if (few.ok || many.ok) expect.fail('it was taken')
  expect(many.issues.slice(0, few.issues.length)).toEqual(few.issues)
  expect(few.issues.map(({ path }) => path)).toEqual([
    'blocked[0].from',
    'blocked[2].from',
    'blocked[4].from',
    'blocked[4].why',
    'blocked[6].from',
  ])
  expect(many.issues.at(-1)).toEqual({ path: 'blocked', message: 'so much is wrong here that the rest was not looked at' })
  expect(many.issues.length).toBeLessThan(110)
})

test('long rules of a service and of a list are refused at the same places as short ones', () => {
  expect(paths(6)).toHaveLength(4)
  expect(paths(2_000)).toEqual(paths(6))
})
