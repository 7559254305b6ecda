import { opendir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Stats } from 'node:fs'
import { type Fence, within } from './find-file'
import { isHiddenFile, isOfSystem } from './grounds'
import { faultOf } from './hosted-path'

export interface Entry {
  readonly name: string
  readonly folder: boolean
  readonly size: number
  readonly modified: Date
}

/** What a folder holds. */
export interface Listing {
  readonly entries: readonly Entry[]
  /** How many names it has that may be shown, of which the entries are the first ones. */
  readonly total: number
}

/** So many entries are shown of a folder. */
export const MOST = 10_000
/** So many names are asked for at once, and so many looked at together: the few threads that do so have files to read as well. */
const NAMES = 512
const TOGETHER = 16

/** What a folder holds that is hosted; links that lead out are left out. At most 10,000 entries. `folder`: with no link in it. */
export async function readFolder(fence: Fence, folder: string, dotFiles: boolean): Promise<Listing> {
  const shown: string[] = []
  let total = 0
  for await (const { name } of await opendir(folder, { bufferSize: NAMES })) {
    if (faultOf(name, dotFiles, process.platform === 'win32') !== null) continue
    total += 1
    if (shown.length < MOST) shown.push(name)
  }
  const entries: Entry[] = []
  for (let from = 0; from < shown.length; from += TOGETHER) {
    const some = await Promise.all(shown.slice(from, from + TOGETHER).map((name) => entryOf(fence, folder, name)))
    for (const entry of some) if (entry !== null) entries.push(entry)
  }
  return { entries, total }
}

async function entryOf(fence: Fence, folder: string, name: string): Promise<Entry | null> {
  const real = await within(fence, path.join(folder, name))
  const info = real === null ? null : await stat(real).catch(() => null)
  if (real === null || info === null || (!info.isFile() && !info.isDirectory()) || (await isHidden(fence, real, info))) return null
  // Some file systems keep times beyond those that a date can have.
  const modified = Number.isNaN(info.mtime.getTime()) ? new Date(0) : info.mtime
  // Windows has names that are no Unicode: what stands for half a letter is shown as such, and cannot be asked for.
  return { name: Buffer.from(name).toString(), folder: info.isDirectory(), size: info.size, modified }
}

async function isHidden({ hidden }: Fence, real: string, info: Stats): Promise<boolean> {
  if (await isOfSystem(info.dev)) return true
  if (info.isDirectory() || info.nlink <= 1) return false
  const exact = await stat(real, { bigint: true }).catch(() => null)
  return exact !== null && (await isHiddenFile(exact, hidden))
}
