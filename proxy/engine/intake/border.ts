/** What work is done for, and who ends it where a fault of ours breaks that work off. */
export interface Answerable {
  /** Gives back what the work held. Gives the reference that it has in the log; null: it has none. */
  onFault(error: unknown): string | null
}

/** For the log. */
export const FAULT_WORDS = 'a fault of AstroRelay’s own broke it off; the engine’s output has the details'

/** How many faults there have been, and what hears of each. */
export const faults = {
  count: 0,
  tell: (text: string): void => void process.stderr.write(text),
}

/**
 * A fault in the work for one client ends that work, never the engine: to be called where the work was entered from outside, by
 * an event, a time-out or a promise. What `owner` cannot end goes on to whoever called.
 */
export function ended(owner: Answerable, error: unknown): void {
  faults.count += 1
  const ref = owner.onFault(error)
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  faults.tell(`engine: a fault ended ${ref === null ? 'a connection' : `what has the reference ${ref}`}; the others go on: ${trace}\n`)
}

/** `work` as an event may call it. */
export function guarded<Given extends readonly unknown[]>(owner: Answerable, work: (...given: Given) => void): (...given: Given) => void {
  return (...given) => {
    try {
      work(...given)
    } catch (error) {
      ended(owner, error)
    }
  }
}
