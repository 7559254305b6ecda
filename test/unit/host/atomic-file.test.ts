import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { orInPlace, writeFileAtomic } from '../../../proxy/host/store/atomic-file'
import { documentFile, documentText } from '../../../proxy/host/store/document-file'
import { documentWith } from '../../support/fake-engine'
import { tempDirectory } from '../../support/temp-directory'

function refusedWith(code: string): () => never {
  return () => {
    throw Object.assign(new Error(`${code}: rename`), { code })
  }
}

test.each(['EBUSY', 'EXDEV', 'EPERM', 'EACCES', 'EROFS'])('a file that cannot be replaced (%s) is written in place, whole', (code) => {
  const file = path.join(tempDirectory(), 'relay.json')
  writeFileSync(file, 'a much longer text than the one that comes')
  const { ino } = statSync(file)
  expect(orInPlace(file, 'short', refusedWith(code))).toBe('in place')
  expect(readFileSync(file, 'utf8')).toBe('short')
  expect(statSync(file).ino).toBe(ino)
})

test('what a full disk refuses is not tried in place, where it would spoil what is there', () => {
  const file = path.join(tempDirectory(), 'relay.json')
  writeFileSync(file, 'what is there')
  expect(() => orInPlace(file, 'new', refusedWith('ENOSPC'))).toThrow('ENOSPC')
  expect(readFileSync(file, 'utf8')).toBe('what is there')
})

test('a document file that turned out to be a mount is not renamed over again', () => {
  const file = path.join(tempDirectory(), 'relay.json')
  writeFileSync(file, '{}')
  let tries = 0
  const document = documentFile(file, () => {
    tries++
    refusedWith('EBUSY')()
  })
  document.write(documentWith())
  document.write(documentWith({ wiki: 3_000 }))
  expect(tries).toBe(process.platform === 'win32' ? 2 : 1)
  expect(readFileSync(file, 'utf8')).toBe(documentText(documentWith({ wiki: 3_000 })))
})

test.skipIf(process.platform === 'win32')('a file behind a link is written where it lies, and the link stays', () => {
  const folder = tempDirectory()
  const [file, link] = [path.join(folder, 'token'), path.join(folder, 'link')]
  writeFileSync(file, 'old')
  symlinkSync('token', link)
  writeFileAtomic(link, 'new')
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(readFileSync(file, 'utf8')).toBe('new')
  expect(readdirSync(folder).toSorted()).toEqual(['link', 'token'])
})
