import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a private file (mode 0600) in one step: beside it, to disk, then renamed over it. Synchronous, because what is
 * written here is small and must not interleave with another write of the same file. Throws what the system says.
 */
export function writeFileAtomic(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`
  try {
    const handle = openSync(draft, 'w', 0o600)
    try {
      // Not `writeSync`, which on a disk that is almost full writes a part and says nothing.
      writeFileSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
