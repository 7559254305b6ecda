import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, realpathSync, writeSync } from 'node:fs'
import { replaceFile, replaceLongFile } from './draft'
import { errorCode } from './system-words'

/**
 * What the system says of a rename, or of a draft, where the file itself may yet be written: EBUSY of a file that is a
 * mount point, as Docker binds single files (rename(2)), EXDEV across disks, and the others of a folder that is read-only
 * while the file in it is not.
 */
const NOT_RENAMED: ReadonlySet<string> = new Set(['EBUSY', 'EXDEV', 'EPERM', 'EACCES', 'EROFS'])

/**
 * Writes a private file (mode 0600) in one step: beside it, to disk, then renamed over it; in place where it cannot be
 * renamed. A link stays, and what it leads to is written. Synchronous, because what is written here is small and must not
 * interleave with another write of the same file. Throws what the system says.
 */
export function writeFileAtomic(file: string, text: string): void {
  const target = behindLinks(file)
  orInPlace(target, text, () => replaceFile(target, text))
}

/** The same for a text of megabytes, which nothing else waits for. */
export async function writeLongFileAtomic(file: string, text: string): Promise<void> {
  const target = behindLinks(file)
  try {
    await replaceLongFile(target, text)
  } catch (error) {
    if (!NOT_RENAMED.has(errorCode(error) ?? '')) throw error
    writeInPlace(target, text, error)
  }
}

/** Writes a file by `replace`, which puts another one in its place; where the system does not permit that, in place. Says which it was. */
export function orInPlace(file: string, text: string, replace: () => void): 'replaced' | 'in place' {
  try {
    replace()
    return 'replaced'
  } catch (error) {
    if (!NOT_RENAMED.has(errorCode(error) ?? '')) throw error
    writeInPlace(file, text, error)
    return 'in place'
  }
}

/** Writes over a file that is there. Not in one step, so what was there is put back where the write fails half-way, as on a disk that is full. */
export function writeInPlace(file: string, text: string, why: unknown = new Error('the file is gone')): void {
  const before = readIfThere(file)
  // Nothing to write over: what kept it from being replaced keeps it from being made.
  if (before === null) throw why
  writeThrough(openSync(file, 'r+'), (handle) => {
    try {
      overwrite(handle, Buffer.from(text))
    } catch (error) {
      overwrite(handle, before)
      throw error
    }
  })
}

function overwrite(handle: number, bytes: Buffer): void {
  // Before it is cut off: a disk that is full still has the room of what was there.
  for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at, bytes.length - at, at)
  ftruncateSync(handle, bytes.length)
}

function writeThrough(handle: number, write: (handle: number) => void): void {
  try {
    write(handle)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** What a link leads to; the name itself where there is nothing yet. */
export function behindLinks(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file // not there yet, and made under its own name
  }
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}
