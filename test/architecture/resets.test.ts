import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

// Called in the wrong moment it costs a descriptor for good; one file knows when.
test('connections are reset in one file, which closes those that cannot be', () => {
  const files = ['proxy', 'electron']
    .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)))
    .filter((file) => file.endsWith('.ts') && /resetAndDestroy\(/.test(readFileSync(path.join(root, file), 'utf8')))
  expect(files.map((file) => file.replaceAll(path.sep, '/'))).toEqual(['proxy/engine/intake/reset.ts'])
})
