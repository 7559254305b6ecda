import { readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { RevisionLog } from '../../../proxy/host/history/revision-log'
import { documentWith } from '../../support/fake-engine'
import { tempDirectory } from '../../support/temp-directory'

function entry(n: number) {
  return { at: n, by: 'window', summary: `Change ${n}`, document: documentWith({ wiki: 3_000 + n }) }
}

describe('the history', () => {
  test('numbers revisions on, also after a restart', () => {
    const directory = tempDirectory()
    const first = new RevisionLog(directory, () => undefined)
    first.add(entry(1))
    first.add(entry(2))
    const second = new RevisionLog(directory, () => undefined)
    expect(second.add(entry(3)).revision).toBe('3')
    expect(second.rows('3').map(({ revision, summary, current }) => [revision, summary, current])).toEqual([
      ['3', 'Change 3', true],
      ['2', 'Change 2', false],
      ['1', 'Change 1', false],
    ])
    expect(second.read('2')?.document).toEqual(documentWith({ wiki: 3_002 }))
  })

  test('never uses a number again, not that of a damaged revision either', () => {
    const directory = tempDirectory()
    const first = new RevisionLog(directory, () => undefined)
    first.add(entry(1))
    writeFileSync(path.join(directory, '000002.json'), '{"revision":"2",')
    const second = new RevisionLog(directory, () => undefined)
    expect(second.add(entry(3)).revision).toBe('3')
    second.withdraw('3')
    expect(second.add(entry(4)).revision).toBe('4')
  })

  test('keeps the last fifty, on disk too', () => {
    const directory = tempDirectory()
    const log = new RevisionLog(directory, () => undefined)
    for (let n = 1; n <= 60; n++) log.add(entry(n))
    expect(log.rows('60')).toHaveLength(50)
    expect(readdirSync(directory)).toHaveLength(50)
    expect(log.read('10')).toBeNull()
    expect(log.read('11')).not.toBeNull()
  })

  test('sorts by number, not by text', () => {
    const directory = tempDirectory()
    const log = new RevisionLog(directory, () => undefined)
    for (let n = 1; n <= 12; n++) log.add(entry(n))
    expect(new RevisionLog(directory, () => undefined).newest?.revision).toBe('12')
  })

  test('leaves out a damaged file, and says so', () => {
    const directory = tempDirectory()
    new RevisionLog(directory, () => undefined).add(entry(1))
    writeFileSync(path.join(directory, '000002.json'), '{"revision":')
    const told: string[] = []
    expect(new RevisionLog(directory, (line) => told.push(line)).newest?.revision).toBe('1')
    expect(told).toEqual(['history: 000002.json is damaged and left out'])
  })

  test.skipIf(process.platform === 'win32')('is readable by its owner alone', () => {
    const directory = tempDirectory()
    new RevisionLog(directory, () => undefined).add(entry(1))
    expect(statSync(path.join(directory, '000001.json')).mode & 0o777).toBe(0o600)
  })

  test('is not asked for files outside of it', () => {
    const log = new RevisionLog(tempDirectory(), () => undefined)
    expect(log.read('../../config')).toBeNull()
  })
})
