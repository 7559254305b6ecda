import { isDeepStrictEqual } from 'node:util'
import type { ConfigDocument } from '../contract/config/document'
import { configParsing } from '../contract/parse'
import { inSlices } from '../system/slices'
import type { Configuration } from './configuration'
import { withProtection } from './history/keep-protection'
import type { RevisionLog } from './history/revision-log'
import type { Notices } from './notices'

/** So many documents are remembered: each was given up after three crashes, and the history has no more of them. */
const REMEMBERED = 50

export interface CrashLoopOptions {
  readonly configuration: Pick<Configuration, 'current' | 'edit'>
  readonly history: Pick<RevisionLog, 'rows' | 'readInSlices'>
  readonly notices: Pick<Notices, 'add'>
}

/** The way out where loading a revision keeps crashing the gateway: the last good one before it serves again, behind the present protection. */
export class CrashLoop {
  /** Documents over which the engine died in this run, copies of which are no way out. */
  readonly #crashed: unknown[] = []

  constructor(private readonly options: CrashLoopOptions) {}

  /** Puts the newest earlier revision that is valid and has not crashed in place of the current one. */
  async goBack(): Promise<void> {
    const { configuration, notices } = this.options
    const { revision, document } = configuration.current
    this.#crashed.push(document)
    if (this.#crashed.length > REMEMBERED) this.#crashed.shift()
    const earlier = await this.#lastGoodBefore(revision, document)
    if (earlier === undefined) return
    try {
      await configuration.edit(
        () => earlier.document,
        'AstroRelay',
        `Went back to revision ${earlier.revision}: revision ${revision} crashed the gateway`,
      )
      notices.add(
        'error',
        'An earlier configuration is serving',
        `The gateway stopped three times while it took revision ${revision}. Revision ${earlier.revision} is in its place, with the blocks, access rules and sign-ins of now; nothing is lost, see History.`,
        '/services',
      )
    } catch (error) {
      notices.add(
        'error',
        'The gateway keeps stopping',
        `Revision ${earlier.revision} could not be put back: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }

  async #lastGoodBefore(
    current: string,
    present: ConfigDocument,
  ): Promise<{ readonly revision: string; readonly document: ConfigDocument } | undefined> {
    const { history } = this.options
    for (const { revision } of history.rows(current)) {
      const entry = Number(revision) < Number(current) ? await history.readInSlices(revision) : null
      const parsed = entry === null ? null : await inSlices(configParsing(entry.document))
      if (parsed?.ok !== true) continue
      const document = withProtection(parsed.document, present)
      const isKnownBad = [...this.#crashed, present].some(
        (bad) => isDeepStrictEqual(bad, parsed.document) || isDeepStrictEqual(bad, document),
      )
      if (!isKnownBad && (await inSlices(configParsing(document))).ok) return { revision, document }
    }
    return undefined
  }
}
