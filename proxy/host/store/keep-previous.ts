import { copyFileSync, renameSync, rmSync } from 'node:fs'

/** Keeps a copy of the file as `FILE.previous`, for the person who looks for it beside the file. The history has more. */
export function keepPrevious(file: string): void {
  const draft = `${file}.previous.tmp`
  try {
    copyFileSync(file, draft)
    renameSync(draft, `${file}.previous`)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
