import { existsSync, readFileSync } from 'node:fs'
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

test.each(['README.md', 'docs/architecture.md', 'docs/cli.md', 'docs/decisions.md', 'docs/security.md'])(
  '%s leads nowhere that does not exist',
  (page) => {
    const root = path.resolve(import.meta.dirname, '../..')
    const text = readFileSync(path.join(root, page), 'utf8')
    const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, target = '']) => (/^[a-z]+:/.test(target) ? [] : [target]))
    expect(targets.filter((target) => !existsSync(path.resolve(root, path.dirname(page), target)))).toEqual([])
  },
)

test('every promise of docs/security.md names tests that are there', () => {
  const root = path.resolve(import.meta.dirname, '../..')
  const named = [...readFileSync(path.join(root, 'docs/security.md'), 'utf8').matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([])
})
