import { constants } from 'node:fs'
import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { Service } from '../../contract/config/service'

/** A file that may be read, open. */
export interface FoundFile {
  readonly kind: 'file'
  readonly handle: FileHandle
  /** The name that tells its type. */
  readonly name: string
  readonly size: number
  readonly modified: Date
  /** How it is compressed beforehand; null: it is not. */
  readonly encoding: 'br' | 'gzip' | null
  /** Whether a compressed one lies beside it, so that the answer depends on what the client takes. */
  readonly varies: boolean
}

export type Found = FoundFile
  | { readonly kind: 'folder'; readonly path: string }
  /** A folder that was named without its slash. */
  | { readonly kind: 'slash' }
  | { readonly kind: 'none' }

/** What of a service says how its folder is hosted. */
export type Hosting = Pick<Service, 'root' | 'listing' | 'index' | 'fallback' | 'dotFiles'>

export interface Wanted {
  readonly segments: readonly string[]
  /** Encodings that the client takes. */
  readonly br: boolean
  readonly gzip: boolean
  /** Whether a page that is not there may be answered by `fallback`. */
  readonly page: boolean
}

const INDEX = ['index.html']
const NONE: Found = { kind: 'none' }

/** Finds what a path names within the hosted folder. Links that lead out of it name nothing. Fails where the folder itself is not there. */
export async function findFile(hosting: Hosting, wanted: Wanted): Promise<Found> {
  const root = await realpath(hosting.root ?? '')
  const names = wanted.segments.at(-1) === '' ? wanted.segments.slice(0, -1) : wanted.segments
  const found = await lookUp(root, path.join(root, ...names), wanted.segments.at(-1) === '', hosting, wanted)
  const last = names.at(-1) ?? ''
  if (found.kind !== 'none' || hosting.fallback === undefined || !wanted.page || path.extname(last) !== '') return found
  return openFile(root, path.join(root, ...hosting.fallback.split('/')), wanted)
}

async function lookUp(root: string, target: string, asFolder: boolean, hosting: Hosting, wanted: Wanted): Promise<Found> {
  const real = await within(root, target)
  const info = real === null ? null : await stat(real).catch(() => null)
  if (real === null || info === null) return NONE
  if (info.isFile()) return asFolder ? NONE : openFile(root, target, wanted)
  if (!info.isDirectory()) return NONE
  if (!asFolder) return { kind: 'slash' }
  for (const name of hosting.index ?? INDEX) {
    const index = await openFile(root, path.join(target, name), wanted)
    if (index.kind === 'file') return index
  }
  return hosting.listing === true ? { kind: 'folder', path: real } : NONE
}

async function openFile(root: string, target: string, { br, gzip }: Wanted): Promise<Found> {
  const plain = await openOne(root, target)
  if (plain === null) return NONE
  const name = path.basename(target)
  for (const [encoding, extension, taken] of [['br', '.br', br], ['gzip', '.gz', gzip]] as const) {
    if (!taken) continue
    const packed = await openOne(root, target + extension)
    if (packed === null) continue
    await plain.handle.close()
    return { kind: 'file', ...packed, name, encoding, varies: true }
  }
  const varies = (await exists(root, `${target}.br`)) || (await exists(root, `${target}.gz`))
  return { kind: 'file', ...plain, name, encoding: null, varies }
}

async function openOne(root: string, target: string): Promise<{ handle: FileHandle; size: number; modified: Date } | null> {
  const real = await within(root, target)
  if (real === null) return null
  // A named pipe would otherwise wait for its writer; a link put in its place meanwhile is not followed.
  const handle = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)).catch(() => null)
  if (handle === null) return null
  const info = await handle.stat()
  if (info.isFile()) return { handle, size: info.size, modified: info.mtime }
  await handle.close()
  return null
}

function exists(root: string, target: string): Promise<boolean> {
  return within(root, target).then((real) => real !== null)
}

/** Where a path really leads; null where that is outside, or nothing. */
export async function within(root: string, target: string): Promise<string | null> {
  const real = await realpath(target).catch(() => null)
  return real !== null && (real === root || real.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) ? real : null
}
