import { isDeepStrictEqual } from 'node:util'
import { parseConfig } from '../contract/parse'
import type { Configuration } from './configuration'
import type { RevisionLog } from './history/revision-log'
import type { Notices } from './notices'

/** A revision is new for this long: a crash soon after it is likely its fault, one after weeks is not. */
const NEW_MS = 10 * 60_000

export interface CrashLoopOptions {
  readonly configuration: Pick<Configuration, 'current' | 'restore'>
  readonly history: Pick<RevisionLog, 'rows' | 'read'>
  readonly notices: Pick<Notices, 'add'>
  readonly clock: () => number
}

/** The way out where a new revision keeps crashing the gateway: the last good one before it serves again. */
export class CrashLoop {
  /** Documents that crashed the engine in this run, copies of which are no way out. */
  readonly #crashed: unknown[] = []

  constructor(private readonly options: CrashLoopOptions) {}

  /** Puts the newest earlier revision that is valid and has not crashed in place of the current one, if that is new. */
  async goBack(): Promise<void> {
    const { configuration, notices, clock } = this.options
    const { revision, at, document } = configuration.current
    if (clock() - at > NEW_MS) return
    this.#crashed.push(document)
    const earlier = this.#lastGoodBefore(revision)
    if (earlier === undefined) return
    try {
      await configuration.restore(earlier, 'AstroRelay', `Went back to revision ${earlier}: revision ${revision} crashed the gateway`)
      notices.add(
        'error',
        'An earlier configuration is serving',
        `The gateway stopped three times with revision ${revision}. Revision ${earlier} is in its place; nothing is lost, see History.`,
        '/services',
      )
    } catch (error) {
      notices.add(
        'error',
        'The gateway keeps stopping',
        `Revision ${earlier} could not be put back: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }

  #lastGoodBefore(current: string): string | undefined {
    const { history } = this.options
    const isGood = (revision: string): boolean => {
      const entry = Number(revision) < Number(current) ? history.read(revision) : null
      return entry !== null && parseConfig(entry.document).ok && !this.#crashed.some((bad) => isDeepStrictEqual(bad, entry.document))
    }
    return history.rows(current).find((row) => isGood(row.revision))?.revision
  }
}
