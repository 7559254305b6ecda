import { readFileSync } from 'node:fs'
import { createFile } from './draft'
import { errorCode } from './system-words'

/** Keeps a private copy of a file that is about to be replaced, beside it and under a name of its own: `config.json.damaged-20261123-130501`. Returns that path. */
export function setAside(file: string, why: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const content = readFileSync(file)
  for (let n = 1; ; n++) {
    const kept = `${file}.${why}-${stamp}${n === 1 ? '' : `-${n}`}`
    try {
      createFile(kept, content)
      return kept
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}
