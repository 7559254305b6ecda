import { anything, array, assert, constantFrom, dictionary, json, property, string, tuple, integer } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { atOnce } from '../../../proxy/contract/steps'
import { documentTextSteps } from '../../../proxy/host/store/document-text'
import { jsonInPieces, NotJson } from '../../../proxy/host/store/json-pieces'
import { parseJsonText } from '../../../proxy/host/store/json-text'

const blocked = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ from: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, reason: 'a "list", {of} [them]\\' }))

/** What the platform's own parser gives; undefined: no JSON. */
function platform(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function inPieces(text: string): unknown {
  try {
    return atOnce(jsonInPieces(text))
  } catch (error) {
    if (error instanceof NotJson) return undefined
    throw error
  }
}

/** A text too long for one piece, with `of` somewhere in it. */
const amid = (of: string, before = 3_000, after = 3_000): string =>
  `{"version": 1, "blocked": [${[...blocked(before).map((entry) => JSON.stringify(entry)), of, ...blocked(after).map((entry) => JSON.stringify(entry))].join(', ')}], "settings": {}}`

test('any JSON is what the platform’s parser makes of it, in one piece and amid many', () => {
  assert(
    property(json(), (text) => {
      expect(inPieces(text)).toEqual(platform(text))
      expect(inPieces(amid(text, 900, 900))).toEqual(platform(amid(text, 900, 900)))
    }),
    { numRuns: 60 },
  )
})

test('what the platform’s parser refuses is refused, wherever it stands', () => {
  const broken = tuple(json(), integer({ min: 0, max: 60 }), constantFrom('', ',', ':', '"', '{', ']', '}', '\\', 'x', '1', ' ', '\n')).map(
    ([text, at, sign]) => text.slice(0, at) + sign + text.slice(at + 1),
  )
  assert(
    property(broken, (text) => {
      const wanted = platform(text)
      if (wanted === undefined) expect(inPieces(text), text).toBeUndefined()
      const within = amid(text, 700, 700)
      if (platform(within) === undefined) expect(inPieces(within), text).toBeUndefined()
    }),
    { numRuns: 200 },
  )
})

test('a text is taken in pieces: between two stops no more than some ten thousand characters of it', () => {
  const steps = jsonInPieces(amid('{}', 100_000, 0))
  let count = 0
  while (steps.next().done !== true) count++
  expect(count).toBeGreaterThan(100)
})

describe('what is wrong in a long text is told with line and column', () => {
  const text = JSON.stringify({ version: 1, blocked: blocked(20_000) }, null, 2)
  const line = 4 * 10_000 + 5
  test.each([
    ['a comma too few', text.replace(/(10\.0\.39\.16"),/, '$1'), `line ${line + 1}, column 7: a comma is missing here`],
    [
      'a comma too many',
      text.replace(/\n {2}\]\n\}$/, ',\n  ]\n}'),
      `line ${4 * 20_000 + 4}, column 3: a value belongs here; perhaps the comma before it is one too many`,
    ],
    [
      'a key twice',
      text.replace('"from": "10.0.39.16"', '"from": "10.0.39.16", "from": "::1"'),
      `line ${line}, column 29: the key "from" is here a second time; remove one of the two`,
    ],
    ['the end missing', text.slice(0, -2), `line ${4 * 20_000 + 4}, column 4: a closing } is missing here`],
    ['the end of the list missing', text.slice(0, -5), `line ${4 * 20_000 + 4}, column 1: a closing ] is missing here`],
    ['a colon missing', text.replace('"blocked":', '"blocked"'), 'line 3, column 13: a colon is missing here'],
  ])('%s', (_, broken, expected) => {
    const read = parseJsonText(broken)
    expect(read.ok ? '' : `${read.issue.path}: ${read.issue.message}`).toBe(expected)
  })
})

test.each([
  ['in a few characters', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['in objects', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['without an end', '['.repeat(1_000_000)],
])('lists within lists without end are refused with words, and no call stack is filled: %s', (_, text) => {
  const read = parseJsonText(text)
  expect(read.ok ? '' : read.issue.message).toContain('deep within one another')
})

test('a document’s text is JSON.stringify’s, with two blanks, whatever lists are in it', () => {
  const value = dictionary(
    string(),
    anything({ maxDepth: 3, withNullPrototype: false }).filter((one) => JSON.stringify(one) !== undefined),
    { maxKeys: 4 },
  )
  assert(
    property(value, array(value, { maxLength: 3 }), (one, more) => {
      const plain: unknown = JSON.parse(
        JSON.stringify({ one, blocked: blocked(1_100), accessLists: [{ id: 'a', rules: blocked(600) }, ...more] }),
      )
      expect(atOnce(documentTextSteps(plain))).toBe(`${JSON.stringify(plain, null, 2)}\n`)
    }),
    { numRuns: 25 },
  )
})
