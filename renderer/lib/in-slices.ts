import { elapsed } from '../../proxy/contract/clock'
import type { Steps } from '../../proxy/contract/steps'

/** Half a frame, so that typing and scrolling go on. */
const SLICE_MS = 8

/** Does long work in slices; between them the page answers whoever uses it. */
export async function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    const until = elapsed() + SLICE_MS
    do {
      const step = steps.next()
      if (step.done === true) return step.value
    } while (elapsed() < until)
    await new Promise((resolve) => setTimeout(resolve))
  }
}
