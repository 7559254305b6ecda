import type { FileHandle } from 'node:fs/promises'

/** So many pieces of files of one folder are read at once: Node has four threads, and looking a file up needs one, too. */
const AT_ONCE = 2

interface Queue {
  running: number
  readonly waiting: (() => void)[]
}

/**
 * Reads pieces of files, a few at once of each folder, and the others one after the other: each answer gets its turn, and
 * 500 downloads that have just begun do not keep a small file waiting until all of them have filled what lies between them and
 * their clients.
 */
export class FileReads {
  private readonly queues = new Map<string, Queue>()

  /** Reads as much as fits; null where it cannot be read. */
  async read(folder: string, handle: FileHandle, into: Buffer, at: number): Promise<number | null> {
    const queue = this.queues.get(folder) ?? { running: 0, waiting: [] }
    this.queues.set(folder, queue)
    if (queue.running >= AT_ONCE) await new Promise<void>((resolve) => void queue.waiting.push(resolve))
    else queue.running += 1
    try {
      const { bytesRead } = await handle.read(into, 0, into.length, at)
      return bytesRead
    } catch {
      return null // the caller tells that the file could not be read
    } finally {
      const next = queue.waiting.shift()
      if (next !== undefined) next()
      else if ((queue.running -= 1) === 0) this.queues.delete(folder)
    }
  }
}

/** A file that is sent, piece by piece, in its turn. */
export class OpenFile {
  private readonly reads: FileReads
  private readonly folder: string
  private readonly handle: FileHandle

  /** `folder`: the hosted one that it lies in. */
  constructor(reads: FileReads, folder: string, handle: FileHandle) {
    this.reads = reads
    this.folder = folder
    this.handle = handle
  }

  /** Reads as much as fits; null where it cannot be read. */
  read(into: Buffer, at: number): Promise<number | null> {
    return this.reads.read(this.folder, this.handle, into, at)
  }

  close(): void {
    this.handle.close().catch(() => undefined) // nothing more is read from it either way
  }
}
