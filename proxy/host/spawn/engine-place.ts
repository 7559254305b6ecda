import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { parseJson } from '../../contract/json'
import { isOwnFolder, makeOwnFolder } from '../own-folder'
import { writeFileAtomic } from '../store/atomic-file'

const placeSchema = z.object({
  /** The engine's local socket, or the name of its pipe on Windows. */
  address: z.string(),
  key: z.string(),
  /** The engine's process; null until it has been heard of. */
  process: z.object({ pid: z.number().int().positive(), born: z.string().nullable() }).nullable(),
})
/** Where an engine is to be found. */
export type EnginePlace = z.output<typeof placeSchema>

const FILE = 'engine.json'
/** unix(7): 108 bytes on Linux, and 104 on macOS, the closing zero included. */
const MAX_SOCKET_PATH = 103

/**
 * Remembers where the engine of a data directory is, in a file of it; on a disk that cannot be written, in the folder for
 * temporary files. Sockets lie beside it, or there where their path would be too long.
 */
export class EnginePlaces {
  private readonly temporary: string
  private readonly files: readonly string[]

  constructor(private readonly dataDirectory: string) {
    const name = createHash('sha256').update(path.resolve(dataDirectory)).digest('hex').slice(0, 16)
    this.temporary = path.join(os.tmpdir(), `astrorelay-${process.getuid?.() ?? 'user'}`, name)
    this.files = [path.join(dataDirectory, FILE), path.join(this.temporary, FILE)]
  }

  /** An address and a key of their own for each engine, since for a moment there may be two. */
  create(): EnginePlace {
    const name = randomBytes(6).toString('hex')
    return { address: this.addressOf(name), key: randomBytes(32).toString('hex'), process: null }
  }

  /** Where the newest engine is; null where none was remembered. */
  recall(): EnginePlace | null {
    const beside = read(this.files[0] ?? FILE)
    // Whoever could plant a file there would be given the whole configuration, and have us end what process they like.
    return beside ?? (isOwnFolder(path.dirname(this.temporary)) ? read(this.files[1] ?? FILE) : null)
  }

  /** Where nothing can be written at all, the next host does not find it; it then ends as the next engine starts. */
  remember(place: EnginePlace): void {
    const text = JSON.stringify(place)
    try {
      writeFileAtomic(this.files[0] ?? FILE, text)
    } catch {
      // What it says is of an engine before this one, and would be believed first.
      removeIfPossible(this.files[0] ?? FILE)
      this.rememberElsewhere(text)
    }
  }

  /** Removes what names no engine any more: the file, and sockets of engines that were killed. */
  forget(): void {
    for (const file of this.files) removeIfPossible(file)
    this.forgetSockets('')
  }

  /** Takes the names of all other engines away: one that has none, and no host, ends (engine/patience.ts). */
  forgetOthers({ address }: EnginePlace): void {
    this.forgetSockets(path.basename(address))
  }

  private forgetSockets(but: string): void {
    for (const folder of [this.dataDirectory, this.temporary])
      for (const name of namesIn(folder))
        if (name !== but && /^engine-[\da-f]{12}\.sock$/.test(name)) removeIfPossible(path.join(folder, name))
  }

  private rememberElsewhere(text: string): void {
    try {
      this.makeTemporary()
      writeFileAtomic(this.files[1] ?? FILE, text)
    } catch {
      // Full, too, or somebody else's: that is no reason not to serve.
    }
  }

  private addressOf(name: string): string {
    if (process.platform === 'win32') return `\\\\.\\pipe\\astrorelay-${name}`
    const beside = path.join(this.dataDirectory, `engine-${name}.sock`)
    if (Buffer.byteLength(beside) <= MAX_SOCKET_PATH && isWritable(this.dataDirectory)) return beside
    this.makeTemporary()
    return path.join(this.temporary, `engine-${name}.sock`)
  }

  private makeTemporary(): void {
    makeOwnFolder(path.dirname(this.temporary))
    makeOwnFolder(this.temporary)
  }
}

function isWritable(folder: string): boolean {
  const probe = path.join(folder, `.probe-${randomBytes(6).toString('hex')}`)
  try {
    mkdirSync(probe)
    rmSync(probe, { recursive: true })
    return true
  } catch {
    return false // read-only, or full
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // not there
  }
}

function read(file: string): EnginePlace | null {
  try {
    return placeSchema.parse(parseJson(readFileSync(file, 'utf8')))
  } catch {
    return null // not there, or half of it: no engine that could be found by it
  }
}

function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // On a disk that is read-only it stays, and the next look finds nobody there.
  }
}
