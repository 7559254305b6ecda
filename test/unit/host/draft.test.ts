import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createFile, clearDrafts, replaceFile } from '../../../proxy/host/store/draft'
import { keepPrevious } from '../../../proxy/host/store/keep-previous'
import { setAside } from '../../../proxy/host/store/set-aside'
import { tempDirectory } from '../../support/temp-directory'

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8)

test.skipIf(process.platform === 'win32')(
  'a link that somebody planted is never written through, and none can be planted under a draft’s name',
  () => {
    const folder = tempDirectory()
    const [victim, link] = [path.join(folder, 'victim'), path.join(folder, 'config.json.previous')]
    writeFileSync(victim, 'untouched')
    symlinkSync(victim, link)
    expect(() => createFile(link, 'new')).toThrow('EEXIST')
    replaceFile(link, 'new')
    expect([readFileSync(victim, 'utf8'), readFileSync(link, 'utf8'), lstatSync(link).isSymbolicLink()]).toEqual([
      'untouched',
      'new',
      false,
    ])
    symlinkSync(path.join(folder, 'not-there'), path.join(folder, 'dangling'))
    expect(() => createFile(path.join(folder, 'dangling'), 'new')).toThrow('EEXIST')
    expect(existsSync(path.join(folder, 'not-there'))).toBe(false)
  },
)

test.skipIf(process.platform === 'win32')('copies of a configuration are its owner’s alone, whatever mode it has', async () => {
  const file = path.join(tempDirectory(), 'config.json')
  writeFileSync(file, 'secret')
  chmodSync(file, 0o644)
  await keepPrevious(file)
  const kept = setAside(file, 'damaged', 0)
  expect([modeOf(`${file}.previous`), modeOf(kept), readFileSync(kept, 'utf8')]).toEqual(['600', '600', 'secret'])
})

test('what killed writes have left is removed, of whichever program below us; nothing else is', () => {
  const folder = tempDirectory()
  const left = ['config.json.0123456789abcdef.tmp', 'lock.4711.tmp', 'config.json.previous.tmp', 'config.json.tmp-1234567890abcdef']
  const kept = [
    'config.json',
    'config.json.previous',
    'config.json.damaged-20261128-120000',
    'notes.tmp',
    'relay.json.0123456789abcdef.tmp',
  ]
  mkdirSync(path.join(folder, 'history'))
  for (const name of [...left, ...kept]) writeFileSync(path.join(folder, name), '')
  clearDrafts(folder, (line) => expect.fail(line), 'config.json')
  clearDrafts(folder, (line) => expect.fail(line), 'lock')
  expect(readdirSync(folder).toSorted()).toEqual([...kept, 'history'].toSorted())
  clearDrafts(folder, (line) => expect.fail(line))
  expect(readdirSync(folder)).not.toContain('relay.json.0123456789abcdef.tmp')
})
