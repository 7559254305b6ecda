import { inSlicesOf, type Steps } from '../contract/steps'

/** Less than a person, a timer or a request that waits would notice. */
const SLICE_MS = 5

/** Does long work in slices of a few milliseconds; between them the process does what else there is: requests, timers, answers. */
export function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  return inSlicesOf(SLICE_MS, turn, steps)
}

/** Lets everything run that waits by now. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
