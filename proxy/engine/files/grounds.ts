import { elapsed } from '../../contract/clock'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** Where the system shows what it is, not what lies on a drive. */
const OF_THE_SYSTEM = ['/proc', '/sys', '/dev'] as const
/** So long what was found out about a place holds, in ms: it is asked with every file. */
const HOLDS_MS = 1_000

/** A file as the system tells it from all others, whatever it is called. */
type Identity = string

interface Places {
  /** Devices that hold no files of anybody's. */
  readonly devices: ReadonlySet<bigint>
  /** The whole drive, and `/proc`, `/sys` and `/dev`, as they may be mounted elsewhere, too. */
  readonly folders: ReadonlySet<Identity>
}

/** Why a folder is hosted for nobody, in words that follow its name; null: it may be. `real`: its path with no link in it. */
export async function groundsProblem(real: string): Promise<string | null> {
  if (path.dirname(real) === real) return 'is a whole drive, which is hosted for nobody'
  const ofSystem = OF_THE_SYSTEM.some((place) => real === place || real.startsWith(`${place}/`))
  if (ofSystem && process.platform !== 'win32') return 'belongs to the system, and is hosted for nobody'
  const now = elapsed()
  const before = judged.get(real)
  if (before !== undefined && now - before.at <= HOLDS_MS) return before.problem
  const [info, { devices, folders }] = await Promise.all([stat(real, { bigint: true }), placesOfSystem()])
  const isSystems = folders.has(identityOf(info)) || devices.has(info.dev)
  const problem = isSystems ? 'leads to the whole drive or to the system’s own, which is hosted for nobody' : null
  if (judged.size >= MOST_JUDGED) judged.clear()
  judged.set(real, { at: now, problem })
  return problem
}

/** More than there are hosted folders. */
const MOST_JUDGED = 1_000
const judged = new Map<string, { readonly at: number; readonly problem: string | null }>()

/** Whether a file, or folder, lies on a device that is no drive: `/proc` may be mounted within a hosted folder. */
export async function isOfSystem(device: number): Promise<boolean> {
  return (await placesOfSystem()).devices.has(BigInt(device))
}

const known = new WeakMap<readonly string[], { readonly at: number; readonly identities: Promise<ReadonlySet<Identity>> }>()

/**
 * Whether a file with further names is one of those that lie at the hidden places: a hard link has no path that tells it from
 * any other file. To be asked only of files with more than one name, which are few. `hidden`: the same list each time.
 */
export async function isHiddenFile(file: { readonly dev: bigint; readonly ino: bigint }, hidden: readonly string[]): Promise<boolean> {
  const now = elapsed()
  let found = known.get(hidden)
  if (found === undefined || now - found.at > HOLDS_MS) {
    found = { at: now, identities: identitiesAt(hidden) }
    known.set(hidden, found)
    found.identities.catch(() => known.delete(hidden))
  }
  return (await found.identities).has(identityOf(file))
}

async function identitiesAt(hidden: readonly string[]): Promise<ReadonlySet<Identity>> {
  const all = new Set<Identity>()
  for (const place of hidden) {
    const folder = path.dirname(place)
    const beside = (await readdir(folder).catch(absent)).filter((name) => name.startsWith(`${path.basename(place)}.`))
    const within = await readdir(place, { recursive: true }).catch(absent)
    const files = [place, ...beside.map((name) => path.join(folder, name)), ...within.map((name) => path.join(place, name))]
    for (const file of files) {
      const info = await stat(file, { bigint: true }).catch(() => null) // one that went meanwhile has no name any more
      if (info?.isFile() === true) all.add(identityOf(info))
    }
  }
  return all
}

let places: { readonly at: number; readonly found: Promise<Places> } | null = null

function placesOfSystem(): Promise<Places> {
  const now = elapsed()
  if (places === null || now - places.at > HOLDS_MS) places = { at: now, found: findPlaces() }
  return places.found
}

async function findPlaces(): Promise<Places> {
  const devices = new Set<bigint>()
  const folders = new Set<Identity>()
  if (process.platform === 'win32') return { devices, folders }
  const drive = await stat('/', { bigint: true }).catch(() => null)
  if (drive !== null) folders.add(identityOf(drive))
  for (const place of OF_THE_SYSTEM) {
    const info = await stat(place, { bigint: true }).catch(() => null) // none here
    if (info === null) continue
    folders.add(identityOf(info))
    if (info.dev !== drive?.dev) devices.add(info.dev)
  }
  return { devices, folders }
}

function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): Identity {
  return `${dev} ${ino}`
}

function absent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
  throw error
}
