import { EventEmitter } from 'node:events'
import { elapsed } from '../../contract/clock'
import { FileReads } from './file-reads'

/** So many look-ups of one folder go on at once: a share that hangs must not take every thread that Node has for files and names. */
const AT_ONCE = 4
/** One that has not ended by then hangs. */
const PATIENCE_MS = 5_000

/** A folder that does not answer: its server is gone, or the drive is. */
export class FolderHangsError extends Error {
  readonly code = 'no answer'
}

/** What counts the descriptors that files take. */
export interface FileDescriptors {
  mayDial(): boolean
  hold(handle: Pick<EventEmitter, 'once'>): void
}

interface Queue {
  /** When each that goes on began, in ms of `elapsed`. */
  readonly running: Set<number>
  readonly waiting: (() => void)[]
}

/** Look-ups by folder, a few at once; while one of them hangs, others of the same folder fail at once. */
export class LookUps {
  /** What is sent of the files that were found. */
  readonly reads = new FileReads()
  private readonly queues = new Map<string, Queue>()
  private readonly descriptors: FileDescriptors | null

  constructor(descriptors: FileDescriptors | null = null) {
    this.descriptors = descriptors
  }

  /** Counts an open file until it is closed. */
  hold(handle: unknown): void {
    if (handle instanceof EventEmitter) this.descriptors?.hold(handle)
  }

  /** Looks something up in a folder. Rejects with a FolderHangsError, or what `look` does. */
  async run<Found>(folder: string, look: () => Promise<Found>): Promise<Found> {
    if (this.descriptors?.mayDial() === false) throw Object.assign(new Error('no descriptor is left for a file'), { code: 'EMFILE' })
    const queue = this.queues.get(folder) ?? { running: new Set<number>(), waiting: [] }
    this.queues.set(folder, queue)
    if (queue.running.size >= AT_ONCE) {
      if (hangs(queue)) throw new FolderHangsError(`${folder} does not answer`)
      await turnOf(queue, folder)
    }
    // Two in one microsecond would be one in the set.
    let began = elapsed()
    while (queue.running.has(began)) began += 1e-6
    queue.running.add(began)
    try {
      return await look()
    } finally {
      queue.running.delete(began)
      queue.waiting.shift()?.()
      if (queue.running.size === 0 && queue.waiting.length === 0) this.queues.delete(folder)
    }
  }
}

function hangs({ running }: Queue): boolean {
  const now = elapsed()
  for (const began of running) if (now - began > PATIENCE_MS) return true
  return false
}

function turnOf(queue: Queue, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      queue.waiting.splice(queue.waiting.indexOf(go), 1)
      reject(new FolderHangsError(`${folder} does not answer`))
    }, PATIENCE_MS)
    const go = (): void => {
      clearTimeout(timer)
      resolve()
    }
    queue.waiting.push(go)
  })
}
