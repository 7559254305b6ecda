import { chmodSync, lstatSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Notices } from '../notices'
import { createDraft } from './draft'
import { errorCode, systemWords } from './system-words'

/** As much as a small revision takes: a disk that is full may still have room for a name. */
const PROBE = Buffer.alloc(4_096)

/** Why nothing can be written in one of these folders now, in words; null: it can. Tried, since modes, mounts and quotas tell only half. */
export function whyNotWritable(folders: readonly string[]): string | null {
  for (const folder of folders) {
    try {
      rmSync(createDraft(path.join(folder, 'probe'), PROBE), { force: true })
    } catch (error) {
      return `${systemWords(error)} (${folder})`
    }
  }
  return null
}

/** A folder that others may write to lets them put files in the place of ours: its mode is mended, or people are told. */
export function closeToOthers(folder: string, notices: Notices): void {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (process.platform === 'win32' || found === undefined || (found.mode & 0o002) === 0) return
  const { mode, uid } = found
  const octal = (mode & 0o777).toString(8)
  try {
    chmodSync(folder, mode & 0o770)
    notices.add(
      'warning',
      'The data folder was open to everybody',
      `${folder} had mode ${octal}; only its owner and group may enter it now.`,
    )
  } catch (error) {
    notices.add(
      'warning',
      'The data folder is open to everybody',
      `${folder} has mode ${octal}, so every user of this machine can change how the gateway behaves, and its mode cannot be changed: ${systemWords(error)}. Its owner (user ${uid}) can: chmod 700 ${folder}`,
    )
  }
}

/** A text of our own making; null where there is none yet. What is larger than `most` bytes was not written by us, and is not read. */
export function readBounded(file: string, most: number): string | null {
  const size = sizeOf(file)
  if (size === null) return null
  if (size > most) throw new Error(`it has ${size} bytes, more than the ${most} that AstroRelay writes`)
  return readFileSync(file, 'utf8')
}

function sizeOf(file: string): number | null {
  try {
    const found = statSync(file)
    if (!found.isFile()) throw new Error('it is no file')
    return found.size
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** Whether a link is there; of a file that was not found: one that leads nowhere. */
export function isLink(file: string): boolean {
  try {
    return lstatSync(file).isSymbolicLink()
  } catch {
    return false // nothing is there
  }
}
