import { constants } from 'node:fs'
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { Service } from '../../contract/config/service'
import type { Packing } from './accepted'
import { groundsProblem, isHiddenFile, isOfSystem } from './grounds'
import { HOSTED_OMITTED } from '../../contract/config/hosted'

/** A file that may be read, open. */
export interface FoundFile {
  readonly kind: 'file'
  readonly handle: FileHandle
  /** The name that tells its type. */
  readonly name: string
  readonly size: number
  readonly modified: Date
  /** Differs with every change of the file. */
  readonly version: string
  /** How it is compressed beforehand; null: it is not. */
  readonly encoding: Packing | null
  /** Fields of the request that the answer depends on. */
  readonly vary: readonly string[]
}

export type Found =
  | FoundFile
  | { readonly kind: 'folder'; readonly path: string }
  /** A folder that was named without its slash. */
  | { readonly kind: 'slash' }
  | { readonly kind: 'none' }

/** What of a service says how its folder is hosted. */
export type HostedFolder = Pick<Service, 'root' | 'listing' | 'index' | 'fallback' | 'precompressed'>

export interface Wanted {
  readonly segments: readonly string[]
  /** Packings that the client takes, the best first. */
  readonly packings: readonly Packing[]
  /** Whether a page that is not there may be answered by `fallback`. */
  readonly page: boolean
}

type Opened = Pick<FoundFile, 'handle' | 'size' | 'modified' | 'version'>

const VARIES = ['Accept-Encoding']
const NONE: Found = { kind: 'none' }
const EXTENSIONS = { br: '.br', zstd: '.zst', gzip: '.gz' } as const satisfies Record<Packing, string>
/** What says nothing of the name that was asked for, but that the system or the drive is in trouble: that is no 404. */
const TROUBLE: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'ESTALE', 'ENOTCONN', 'ETIMEDOUT', 'EHOSTDOWN'])

/** What a path may lead to. */
export interface Fence {
  /** The hosted folder, with no link in it. */
  readonly root: string
  /** Places that are hosted for nobody, wherever they lie: AstroRelay's own data, with its keys. */
  readonly hidden: readonly string[]
}

/** Finds what a path names within the hosted folder. Links that lead out of it name nothing. Fails where the folder itself cannot be read. */
export async function findFile(folder: HostedFolder, wanted: Wanted, hidden: readonly string[]): Promise<Found> {
  const fence = await fenceAround(folder.root ?? '', hidden)
  const { root } = fence
  const asFolder = wanted.segments.at(-1) === ''
  const names = asFolder ? wanted.segments.slice(0, -1) : wanted.segments
  const found = await lookUp(fence, path.join(root, ...names), asFolder, folder, wanted)
  if (found.kind !== 'none') return found
  // Nothing is found in what is no folder, or may not be entered: that is to be told apart.
  await stat(`${root}${path.sep}.`)
  if (folder.fallback === undefined || !wanted.page || path.extname(names.at(-1) ?? '') !== '') return NONE
  const page = await openFile(fence, path.join(root, ...folder.fallback.split('/')), folder, wanted)
  return page.kind === 'file' ? { ...page, vary: [...page.vary, 'Accept'] } : page
}

/** A hosted folder with what must not leave it. Fails where it cannot be read, or is hosted for nobody. */
export async function fenceAround(folder: string, hidden: readonly string[]): Promise<Fence> {
  const root = await realpath(folder)
  const problem = await groundsProblem(root)
  if (problem !== null) throw new NotHostedError(problem)
  return { root, hidden }
}

/** A folder that leads where nothing is hosted. */
export class NotHostedError extends Error {
  readonly code = 'not hosted'
}

async function lookUp(fence: Fence, target: string, asFolder: boolean, folder: HostedFolder, wanted: Wanted): Promise<Found> {
  const real = await within(fence, target)
  const info = real === null ? null : await stat(real).catch(absent)
  if (real === null || info === null) return NONE
  if (info.isFile()) return asFolder ? NONE : openFile(fence, target, folder, wanted)
  if (!info.isDirectory() || (await isOfSystem(info.dev))) return NONE
  if (!asFolder) return { kind: 'slash' }
  for (const name of folder.index ?? HOSTED_OMITTED.index) {
    const index = await openFile(fence, path.join(target, name), folder, wanted)
    if (index.kind === 'file') return index
  }
  return folder.listing === true ? { kind: 'folder', path: real } : NONE
}

/** A file as it is, or packed beforehand where the client takes that. Without its source what is packed is a file of its own name only. */
async function openFile(fence: Fence, target: string, { precompressed }: HostedFolder, { packings }: Wanted): Promise<Found> {
  const plain = await openOne(fence, target)
  if (plain === null) return NONE
  const name = path.basename(target)
  if (precompressed === false) return { kind: 'file', ...plain, name, encoding: null, vary: [] }
  try {
    for (const encoding of packings) {
      const packed = await openOne(fence, target + EXTENSIONS[encoding])
      if (packed === null) continue
      if (isOlder(packed, plain)) {
        await packed.handle.close()
        continue
      }
      await plain.handle.close()
      return { kind: 'file', ...packed, name, encoding, vary: VARIES }
    }
    const beside = await Promise.all(Object.values(EXTENSIONS).map((extension) => within(fence, target + extension)))
    return { kind: 'file', ...plain, name, encoding: null, vary: beside.some((real) => real !== null) ? VARIES : [] }
  } catch (error) {
    await plain.handle.close()
    throw error
  }
}

/**
 * Whether a packed file was made before its source was last changed. Packers give it the source's own time, some of them
 * (`brotli` without utimensat) and some archives in whole seconds only.
 */
function isOlder(packed: Opened, plain: Opened): boolean {
  const [made, changed] = [packed.modified.getTime(), plain.modified.getTime()]
  return made < changed && made !== Math.floor(changed / 1_000) * 1_000
}

async function openOne(fence: Fence, target: string): Promise<Opened | null> {
  const real = await within(fence, target)
  if (real === null) return null
  // A named pipe would otherwise wait for its writer; a link put in its place meanwhile is not followed.
  const handle = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)).catch(absent)
  if (handle === null) return null
  try {
    const [info, place] = await Promise.all([handle.stat(), placeOf(handle, real)])
    if (info.isFile() && isWithin(fence, place) && (await mayLeave(fence, handle, info)))
      return { handle, size: info.size, modified: info.mtime, version: info.mtimeMs.toString(16) }
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return null
}

/** Whether an open file is no other than its path says: not the system's own, and none of the hidden ones by a second name. */
async function mayLeave({ hidden }: Fence, handle: FileHandle, { dev, nlink }: { dev: number; nlink: number }): Promise<boolean> {
  if (await isOfSystem(dev)) return false
  return nlink <= 1 || !(await isHiddenFile(await handle.stat({ bigint: true }), hidden))
}

/** Where an open file lies: a folder on the way to it may have become a link since it was looked at. */
function placeOf(handle: FileHandle, real: string): Promise<string | null> {
  return readlink(`/proc/self/fd/${handle.fd}`)
    .catch(() => realpath(real))
    .catch(absent)
}

/** Where a path really leads; null where that is outside, or nothing. */
export async function within(fence: Fence, target: string): Promise<string | null> {
  const real = await realpath(target).catch(absent)
  return isWithin(fence, real) ? real : null
}

function isWithin({ root, hidden }: Fence, real: string | null): boolean {
  if (real === null || hidden.some((place) => isAt(place, real))) return false
  return real === root || real.startsWith(root.endsWith(path.sep) ? root : root + path.sep)
}

/** At a hidden place, in it, or a copy beside it, such as `config.json.previous`. */
export function isAt(place: string, real: string): boolean {
  return real === place || real.startsWith(place + path.sep) || real.startsWith(`${place}.`)
}

/** What could not be opened is not there, unless nothing could be. */
function absent(error: NodeJS.ErrnoException): null {
  if (TROUBLE.has(error.code)) throw error
  return null
}
