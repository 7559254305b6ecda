import { elapsed } from './clock'

/**
 * Work that may be long, as a generator that stands still after every few hundred entries: a process that serves does it in
 * slices between its other work (`system/slices.ts`), anything else at once.
 */
export type Steps<Result> = Generator<undefined, Result>

/** So many entries of a list are handled between two stops: about a tenth of a millisecond's work. */
export const ENTRIES_PER_STEP = 256

/** Does the whole of the work now. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Does it in slices of `ms`; in each `pause` between them the process does what else there is. */
export async function inSlicesOf<Result>(ms: number, pause: () => Promise<unknown>, steps: Steps<Result>): Promise<Result> {
  for (;;) {
    const until = elapsed() + ms
    do {
      const step = steps.next()
      if (step.done === true) return step.value
    } while (elapsed() < until)
    await pause()
  }
}
