import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { createFile } from './draft'
import { errorCode } from './system-words'

/** So many copies are kept of each cause: a file that a script writes wrongly every minute would fill the disk in a year. */
const KEPT = 20

/** Keeps a private copy of a file that is about to be replaced, beside it and under a name of its own: `config.json.damaged-20261123-130501`. Returns that path. */
export function setAside(file: string, why: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const content = readFileSync(file)
  for (let n = 1; ; n++) {
    const kept = `${file}.${why}-${stamp}${n === 1 ? '' : `-${n}`}`
    try {
      createFile(kept, content)
      letGoOfOld(file, why)
      return kept
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}

/** The names have their time in them, so that the first are the oldest. */
function letGoOfOld(file: string, why: string): void {
  const folder = path.dirname(file)
  const begin = `${path.basename(file)}.${why}-`
  const isCopy = (name: string): boolean => name.startsWith(begin) && /^\d{8}-\d{6}(?:-\d+)?$/.test(name.slice(begin.length))
  const { compare } = new Intl.Collator('en', { numeric: true })
  try {
    const copies = readdirSync(folder).filter(isCopy).toSorted(compare)
    for (const old of copies.slice(0, -KEPT)) rmSync(path.join(folder, old), { force: true })
  } catch {
    // Somebody else's file, or a folder that may not be read: one copy too many harms less than a save that fails for it.
  }
}
