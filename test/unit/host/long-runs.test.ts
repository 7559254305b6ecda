import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Notice } from '../../../proxy/contract/events'
import { Notices } from '../../../proxy/host/notices'
import { setAside } from '../../../proxy/host/store/set-aside'
import { tempDirectory } from '../../support/temp-directory'

test('of what is set aside the last twenty of each cause are kept, and nothing else is touched', () => {
  const folder = tempDirectory()
  const file = path.join(folder, 'config.json')
  const others = ['config.json.refused-by-me', 'config.json.refused-20200101-000000.bak', 'config.json.previous', 'other.json']
  for (const name of others) writeFileSync(path.join(folder, name), 'mine')
  for (let n = 0; n < 30; n++) {
    writeFileSync(file, `edit ${n}`)
    // Three a second, so that names have numbers, too.
    setAside(file, 'refused', Math.floor(n / 3) * 1_000)
    setAside(file, 'damaged', n * 1_000)
  }
  const copies = (why: string): string[] => readdirSync(folder).filter((name) => name.startsWith(`config.json.${why}-19700101`))
  expect([copies('refused').length, copies('damaged').length]).toEqual([20, 20])
  const texts = copies('refused').map((name) => readFileSync(path.join(folder, name), 'utf8'))
  expect(texts.toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => `edit ${n + 10}`).toSorted())
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(others))
})

test('of notices the last fifty are kept, and none is longer than can be read', () => {
  const told: Notice[] = []
  const notices = new Notices(
    (notice) => void told.push(notice),
    () => 0,
  )
  for (let n = 0; n < 60; n++) notices.add('info', `News ${n}`, 'Short.')
  expect([notices.all.length, notices.all[0]?.title]).toEqual([50, 'News 10'])
  notices.add('error', 'Refused', Array.from({ length: 10_000 }, (_, n) => `line ${n}: wrong`).join('\n'))
  expect(told.at(-1)?.text.split('\n')).toEqual([...Array.from({ length: 40 }, (_, n) => `line ${n}: wrong`), '… and more.'])
  notices.add('error', 'Refused', 'x'.repeat(1_000_000))
  expect(told.at(-1)?.text.length).toBe(8_001)
})
