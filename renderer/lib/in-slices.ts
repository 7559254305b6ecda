import { inSlicesOf, type Steps } from '../../proxy/contract/steps'

/** Half a frame, so that typing and scrolling go on. */
const SLICE_MS = 8

/** Does long work in slices; between them the page answers whoever uses it. */
export function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  return inSlicesOf(SLICE_MS, () => new Promise((resolve) => setTimeout(resolve)), steps)
}
