import path from 'node:path'
import { expect, test } from 'vitest'
import { seededRandom } from '../support/fuzz/random'
import { attack } from '../support/linear/attacks'
import { limitedSearch } from '../support/linear/backtracks'
import { expressionsIn, type Expression } from '../support/linear/expressions'
import { takeApart } from '../support/linear/pattern'

/**
 * Steps back are counted, not time, so the outcome is the same on every machine. An expression of linear time makes a few for
 * each sign; one of quadratic time makes half a million for a thousand.
 */
const LENGTH = 1_000
const STEPS = 64 * LENGTH
const TRIES = 1_000
/** Put together from names that the contract itself has, and matched with paths without slashes in them; and from a port. */
const COMPOSED = ['host/console/routes.ts', 'system/port-holder.ts']

const { literals, composed } = expressionsIn(path.resolve(import.meta.dirname, '../../proxy'))

/** A text at which the expression goes back too often; null: none was found. */
function weakness({ source, flags }: Expression, tries = TRIES): string | null {
  const search = limitedSearch(source, flags, STEPS)
  const { options } = takeApart(source, flags)
  const random = seededRandom(source.length)
  for (let n = 0; n < tries; n++) {
    const text = attack(options, random, LENGTH)
    if (search(text) === 'given up') return text
  }
  return null
}

test('no regular expression of the gateway takes more than linear time', () => {
  expect(literals.length).toBeGreaterThan(150)
  const weak = literals.flatMap((expression) => {
    const text = weakness(expression)
    return text === null ? [] : [`${expression.place} /${expression.source}/ ${JSON.stringify(text.slice(0, 40))}`]
  })
  expect(weak).toEqual([])
})

test('expressions that are put together as the gateway runs are those that are known', () => {
  expect(composed).toEqual(COMPOSED)
})

test.each([
  ['<([^>]*)>', 'g'],
  ['<title[^>]*>([^<]*)', 'i'],
  ['\\/+$', ''],
  ['^\\s*([^=\\s]*)\\s*=?\\s*(.*?)\\s*$', 's'],
  ['^(.*?)(?:(?:#|\\/\\/)\\s*(.*))?$', ''],
  ['[;,\\s]*([^=;,\\s"]+)\\s*=\\s*("(?:[^"\\\\]|\\\\.)*"|[^",;\\s]*)\\s*([;,]|$)', 'y'],
  ['(a+)+$', ''],
  ['\\s+$', ''],
])('the test finds the weakness of /%s/', (source, flags) => {
  expect(weakness({ place: '', source, flags }, 4_000)).not.toBeNull()
})
