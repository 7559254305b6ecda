import { expect, test } from 'vitest'
import { drawn } from '../../../../renderer/lib/long-list'

const list = Array.from({ length: 300_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
const itself = (text: string): string => text

test('of a long list the first rows are drawn, and it is told how many are not', () => {
  const { items, more } = drawn(list, itself, '')
  expect([items.length, items.at(-1)?.at, more]).toEqual([200, 199, 299_800])
})

test('a row anywhere in it is found by part of what it says, with its place', () => {
  expect(drawn(list, itself, ' 10.4.147.223 ')).toEqual({ items: [{ item: '10.4.147.223', at: 299_999 }], more: 0 })
})

test('the row that decides is drawn wherever it stands', () => {
  expect(drawn(list, itself, '', 250_000).items.at(-1)?.at).toBe(250_000)
  expect(drawn(list, itself, 'nothing', 250_000).items.map(({ at }) => at)).toEqual([250_000])
})

test('a short list is drawn whole', () => {
  expect(drawn(['a', 'b'], itself, '')).toEqual({
    items: [
      { item: 'a', at: 0 },
      { item: 'b', at: 1 },
    ],
    more: 0,
  })
})
