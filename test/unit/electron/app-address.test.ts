import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileOf, isOwnPage } from '../../../electron/main/app-address'

const folder = path.resolve('/app/out/renderer')

describe('an app:// address', () => {
  test('stands for a file of the bundle', () => {
    expect(fileOf('app://bundle/index.html#/services', folder)).toBe(path.join(folder, 'index.html'))
    expect(fileOf('app://bundle/assets/a%20b.js?v=1', folder)).toBe(path.join(folder, 'assets/a b.js'))
  })

  test('that climbs stays in the folder', () => {
    expect(fileOf('app://bundle/%2e%2e/%2e%2e/main.js', folder)).toBe(path.join(folder, 'main.js'))
  })

  test.each([
    'app://bundle/..%2fmain.js',
    'app://bundle/assets/%2e%2e%2f%2e%2e%2fmain.js',
    'app://bundle/..%5cmain.js',
    'app://bundle/a%00.js',
    'app://bundle/%',
    'app://bundle/',
    'app://other/index.html',
  ])('leads to no other file: %s', (address) => expect(fileOf(address, folder)).toBeNull())

  test('is told from what only looks like it', () => {
    expect(isOwnPage('app://bundle/index.html')).toBe(true)
    for (const address of ['app://bundle.evil.example/', 'https://bundle/', 'app://bundle']) expect(isOwnPage(address)).toBe(false)
  })
})
