import { createHash } from 'node:crypto'
import { linkSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { elapsed, wallTime } from '../contract/clock'
import { parseJson } from '../contract/json'
import { isAlive, processBirth } from '../system/process-birth'
import { createDraft, createFile, replaceFile } from './store/draft'
import { readBounded } from './store/storage'
import { errorCode } from './store/system-words'
import { makeOwnFolder } from './own-folder'

const ownerSchema = z.object({ pid: z.number().int().positive(), born: z.string().nullable() })
type Owner = z.output<typeof ownerSchema>

/** So often, and so far apart, it is tried again while another process takes the lock. */
const TRIES = 200
const TRY_AGAIN_MS = 10
/** A lock without its text may be in the middle of being written, where the disk knows no links; after this it is a dead one. */
const HALF_WRITTEN_MS = 500
/** Locks of locks: each deeper one is only ever left behind by a crash in the middle of a take-over of the one before. */
const DEPTH = 3
/** Bytes of a lock: what is larger is none, and not read. */
const MOST = 4_096
/** What the system says of a disk that is full, read-only, or not ours to write; ENOENT: Node, of a folder that it could not make there. */
const TAKES_NOTHING: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOENT'])

/**
 * Makes this process the only host of a data directory, or throws an Error that names the process which is. A lock whose
 * owner is gone (kill -9, power loss) is taken over. Returns what releases it.
 */
export function lockDataDirectory(directory: string): () => void {
  const other = elsewhere(directory)
  // Taken while the disk could not be written, which it may be again by now.
  const before = look(other)
  const outcome = before.kind === 'live' ? before.owner : takeWherePossible(directory, other)
  if (typeof outcome === 'function') return outcome
  if (outcome === null) throw new Error(`The lock in ${directory} could not be taken; another AstroRelay is starting there.`)
  throw new Error(
    `AstroRelay is already running with the data in ${directory} (pid ${outcome.pid}). Quit that one first, or choose another folder with --data.`,
  )
}

/**
 * Takes a lock file: gives what releases it, or the live owner who has it, or null where it could not be had. A dead lock
 * is never removed, since between the look at it and the removal another process may have put its own in the place:
 * it is replaced, in one step, by whoever holds the lock of its take-over, and only that one looks and replaces.
 */
function take(file: string, depth: number): (() => void) | Owner | null {
  const own = JSON.stringify({ pid: process.pid, born: processBirth(process.pid) })
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (create(file, own)) return releaseOf(file, own)
    const found = look(file)
    if (found.kind === 'live') return found.owner
    if (found.kind === 'dead' && depth > 0) {
      const takeOver = take(`${file}.take-over`, depth - 1)
      if (typeof takeOver === 'function') {
        try {
          if (look(file).kind === 'dead') {
            replace(file, own)
            return releaseOf(file, own)
          }
        } finally {
          takeOver()
        }
      }
    }
    wait(TRY_AGAIN_MS)
  }
  return null
}

function releaseOf(file: string, own: string): () => void {
  return () => {
    if (readText(file) === own) removeIfPossible(file)
  }
}

function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // The disk has become read-only: a lock whose owner is gone is a dead one.
  }
}

type Found = { readonly kind: 'live'; readonly owner: Owner } | { readonly kind: 'dead' | 'gone' | 'half-written' }

function look(file: string): Found {
  const text = readText(file)
  if (text === null) return { kind: 'gone' }
  const owner = parseOwner(text)
  if (owner !== null) return isAlive(owner) ? { kind: 'live', owner } : { kind: 'dead' }
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  if (written === undefined) return { kind: 'gone' }
  return { kind: Math.abs(wallTime() - written) < HALF_WRITTEN_MS ? 'half-written' : 'dead' }
}

/** Blocks: a host that has no lock yet has nothing else to do. */
function wait(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

function replace(file: string, text: string): void {
  replaceFile(file, text)
}

/** Makes the file with its whole content, or gives false where it is there: a lock that is seen half-written would be taken for a dead one. */
function create(file: string, text: string): boolean {
  const draft = createDraft(file, text)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    return createWithoutLinks(file, text) // FAT and some network disks
  } finally {
    rmSync(draft, { force: true })
  }
}

function createWithoutLinks(file: string, text: string): boolean {
  try {
    const began = elapsed()
    createFile(file, text)
    if (elapsed() - began < HALF_WRITTEN_MS / 2) return true
    // It was empty for so long that others may have taken it for a dead one: what they put in its place is there by then.
    wait(2 * HALF_WRITTEN_MS)
    return readText(file) === text
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Who has the data directory now; null where nobody has. */
export function dataDirectoryOwner(directory: string): number | null {
  for (const file of [path.join(directory, 'lock'), elsewhere(directory)]) {
    const found = look(file)
    if (found.kind === 'live') return found.owner.pid
  }
  return null
}

/**
 * The lock lies in the directory that it is for. Where the disk takes nothing, what is there may still serve, so it lies with
 * the user's temporary files then, under a name made of the directory's; whoever comes next looks in both places.
 */
function takeWherePossible(directory: string, other: string): (() => void) | Owner | null {
  const file = path.join(directory, 'lock')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return take(file, DEPTH)
  } catch (error) {
    if (!TAKES_NOTHING.has(errorCode(error) ?? '')) throw error
  }
  const found = look(file)
  if (found.kind === 'live') return found.owner
  makeOwnFolder(path.dirname(other))
  return take(other, DEPTH)
}

function elsewhere(directory: string): string {
  const name = createHash('sha256').update(realPath(directory)).digest('hex').slice(0, 16)
  return path.join(os.tmpdir(), `astrorelay-${process.getuid?.() ?? 'user'}`, `${name}.lock`)
}

function realPath(directory: string): string {
  try {
    return realpathSync(directory)
  } catch {
    return path.resolve(directory) // not there yet
  }
}

function readText(file: string): string | null {
  try {
    return readBounded(file, MOST)
  } catch (error) {
    // Gone meanwhile, which is an answer; or no file that a host has written, whose text is of no interest.
    return errorCode(error) === undefined ? '' : null
  }
}

function parseOwner(text: string): Owner | null {
  try {
    return ownerSchema.safeParse(parseJson(text)).data ?? null
  } catch {
    return null // half-written, by a process that writes it now or died over it
  }
}
