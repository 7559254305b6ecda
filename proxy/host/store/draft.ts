import { randomBytes } from 'node:crypto'
import { closeSync, constants, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/**
 * Never through what lies there already: somebody who may write to the folder could have planted a link under the name
 * (CWE-59, CWE-377). `O_NOFOLLOW` is not everywhere; `O_EXCL` alone does not follow a last link either (open(2)).
 */
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

/**
 * What a write leaves beside its file where it was killed: our drafts of now and before, and those of the package that writes
 * the configuration (`atomically`).
 */
const LEFT_BEHIND = /\.(?:[\da-f]{16}\.tmp|\d+\.tmp|previous\.tmp|tmp-\d{10}[\da-f]{6})$/

/** Makes a private file (mode 0600) with its whole content, on the disk; throws EEXIST where something of that name is there. */
export function createFile(file: string, content: string | Buffer): void {
  const handle = openSync(file, NEW, 0o600)
  try {
    // Not a bare `writeSync`, which on a disk that is almost full writes a part and says nothing.
    writeFileSync(handle, content)
    fsyncSync(handle)
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
}

/** A name that nobody could have guessed, and planted a link under. */
export function draftName(file: string): string {
  return `${file}.${randomBytes(8).toString('hex')}.tmp`
}

/** The same as `replaceFile` for content of megabytes, which nothing else waits for. */
export async function replaceLongFile(file: string, content: string | Buffer): Promise<void> {
  const draft = draftName(file)
  try {
    const handle = await open(draft, NEW, 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** A file of an unguessable name beside another, with what is to take that one's place. */
export function createDraft(file: string, content: string | Buffer): string {
  const draft = draftName(file)
  createFile(draft, content)
  return draft
}

/** Puts a private file in a file's place in one step; a link in that place is replaced, not followed. */
export function replaceFile(file: string, content: string | Buffer): void {
  const draft = createDraft(file, content)
  try {
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Removes what killed writes have left in a folder. Only for who alone writes there. `of`: the one file whose drafts they are; else any. */
export function clearDrafts(folder: string, log: (line: string) => void, of?: string): void {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return // not there yet, or not to be read: whoever reads the files in it says so
  }
  for (const name of names) {
    if (!LEFT_BEHIND.test(name) || (of !== undefined && !name.startsWith(`${of}.`))) continue
    try {
      rmSync(path.join(folder, name), { force: true })
    } catch (error) {
      log(`store: ${name}, left by a write that was cut off, could not be removed: ${String(error)}`)
    }
  }
}
