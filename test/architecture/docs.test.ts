import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { pages } from '../../docs/generate/pages'

for (const [name, text] of Object.entries(pages())) {
  test(`docs/${name} says what the code does (npm run docs writes it anew)`, () => {
    expect(readFileSync(path.resolve(import.meta.dirname, '../../docs', name), 'utf8').replaceAll('\r\n', '\n')).toBe(text)
  })
}

test('every key of the configuration is explained', () => {
  const unexplained = (pages()['configuration.md'] ?? '').split('\n').filter((line) => /^\| `[^`]+` \|.*\|\s+\|$/.test(line))
  expect(unexplained).toEqual([])
})
