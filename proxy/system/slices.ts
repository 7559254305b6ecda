import { elapsed } from '../contract/clock'
import type { Steps } from '../contract/steps'

/** Less than a person, a timer or a request that waits would notice. */
const SLICE_MS = 5

/** Does long work in slices of a few milliseconds; between them the process does what else there is: requests, timers, answers. */
export async function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    const until = elapsed() + SLICE_MS
    do {
      const step = steps.next()
      if (step.done === true) return step.value
    } while (elapsed() < until)
    await turn()
  }
}

/** Lets everything run that waits by now. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
