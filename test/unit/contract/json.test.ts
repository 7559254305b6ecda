import { expect, test } from 'vitest'
import { MOST_DEEP, parseJson } from '../../../proxy/contract/json'

const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth)

test('what is nested a hundred deep is read, one more is refused with its place, a hundred thousand too, and what is cut off', () => {
  expect(() => parseJson(nested(MOST_DEEP))).not.toThrow()
  const words = `nested more than ${MOST_DEEP} deep here, which nothing of AstroRelay is (at position 100)`
  for (const text of [nested(101), nested(100_000), '['.repeat(100_000)]) expect(() => parseJson(text)).toThrow(words)
  expect(() => parseJson(`${'{"a":'.repeat(101)}1${'}'.repeat(101)}`)).toThrow('nested more than')
})

test('brackets within texts nest nothing, whatever stands before them', () => {
  const text = JSON.stringify({ a: '['.repeat(500), b: '\\"[{'.repeat(200), c: ['"', '\\'] })
  expect(parseJson(text)).toEqual(JSON.parse(text))
})
