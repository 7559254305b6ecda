import { chmodSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EnginePlaces } from '../../../proxy/host/spawn/engine-place'
import { tempDirectory } from '../../support/temp-directory'

let temporary: string
/** A data directory that takes nothing. */
let full: string

beforeEach(() => {
  const folder = tempDirectory()
  const file = path.join(folder, 'file')
  writeFileSync(file, '')
  full = path.join(file, 'data')
  temporary = path.join(folder, 'temporary')
  mkdirSync(temporary)
  vi.stubEnv('TMPDIR', temporary)
})
afterEach(() => void vi.unstubAllEnvs())

const own = (): string => path.join(temporary, `astrorelay-${process.getuid?.()}`)

test.skipIf(process.platform === 'win32')(
  'where a data directory takes nothing, its engine is found by the folder for temporary files',
  () => {
    const places = new EnginePlaces(full)
    const place = places.create()
    places.remember(place)
    expect(places.recall()).toEqual(place)
  },
)

test.skipIf(process.platform === 'win32')(
  'what others could have put into the folder for temporary files is neither believed nor used',
  () => {
    const places = new EnginePlaces(full)
    places.remember(places.create())
    chmodSync(own(), 0o777)
    expect(places.recall()).toBeNull()
    expect(() => places.create()).toThrow('belongs to somebody else or is open to others; remove it')
    chmodSync(own(), 0o700)
    expect(places.recall()).not.toBeNull()
    renameSync(own(), `${own()}-planted`)
    symlinkSync(`${own()}-planted`, own())
    expect(places.recall()).toBeNull()
    expect(() => places.create()).toThrow('belongs to somebody else or is open to others; remove it')
  },
)

test('an engine that cannot be remembered anywhere serves all the same', () => {
  const places = new EnginePlaces(full)
  const place = places.create()
  writeFileSync(path.join(temporary, 'file'), '')
  vi.stubEnv('TMPDIR', path.join(temporary, 'file'))
  expect(() => new EnginePlaces(full).remember(place)).not.toThrow()
})

test.skipIf(process.platform === 'win32')('the names of other engines are taken away, and that of the one in use stays', () => {
  const data = tempDirectory()
  const places = new EnginePlaces(data)
  const [last, next] = [places.create(), places.create()]
  for (const { address } of [last, next]) writeFileSync(address, '')
  places.forgetOthers(next)
  expect([last, next].map(({ address }) => existsSync(address))).toEqual([false, true])
})
