import { constants, copyFileSync } from 'node:fs'

/** Keeps a copy of a file that is about to be replaced, beside it and under a name of its own: `config.json.damaged-20261123-130501`. Returns that path. */
export function setAside(file: string, why: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  for (let n = 1; ; n++) {
    const kept = `${file}.${why}-${stamp}${n === 1 ? '' : `-${n}`}`
    try {
      copyFileSync(file, kept, constants.COPYFILE_EXCL)
      return kept
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}
