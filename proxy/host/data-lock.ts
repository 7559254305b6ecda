import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { errorCode } from './store/system-words'

const ownerSchema = z.object({ pid: z.number().int().positive(), born: z.string().nullable() })

/**
 * Makes this process the only host of a data directory, or throws an Error that names the process which is. A lock whose
 * owner is gone (kill -9, power loss) is taken over. Returns what releases it.
 */
export function lockDataDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = path.join(directory, 'lock')
  const own = JSON.stringify({ pid: process.pid, born: birth(process.pid) })
  for (let attempt = 0; attempt < 5; attempt++) {
    if (create(file, own)) {
      return () => {
        if (readText(file) === own) rmSync(file, { force: true })
      }
    }
    const owner = readOwner(file)
    if (owner && isAlive(owner))
      throw new Error(
        `AstroRelay is already running with the data in ${directory} (pid ${owner.pid}). Quit that one first, or choose another folder with --data.`,
      )
    rmSync(file, { force: true })
  }
  throw new Error(`The lock in ${directory} could not be taken; another AstroRelay is starting there.`)
}

/** Makes the file with its whole content, or gives false where it is there: a lock that is seen half-written would be taken for a dead one. */
function create(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600 })
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
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Who has the data directory now; null where nobody has. */
export function dataDirectoryOwner(directory: string): number | null {
  const owner = readOwner(path.join(directory, 'lock'))
  return owner && isAlive(owner) ? owner.pid : null
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // gone meanwhile, which is an answer
  }
}

function readOwner(file: string): z.output<typeof ownerSchema> | null {
  try {
    return ownerSchema.safeParse(JSON.parse(readText(file) ?? '')).data ?? null
  } catch {
    return null // half-written by a process that died
  }
}

function isAlive(owner: z.output<typeof ownerSchema>): boolean {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
  return owner.born === birth(owner.pid)
}

/** When a process was born, in the kernel's ticks, so that a reused pid is not taken for the owner; null where /proc is not. */
function birth(pid: number): string | null {
  const stat = process.platform === 'linux' ? readText(`/proc/${pid}/stat`) : null
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}
