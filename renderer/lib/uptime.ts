import type { PastState, Stretch } from '../../proxy/contract/health-history'

/** `none`: the gateway did not run, or nobody watched. */
export type SegmentState = PastState | 'none'

const WORST_FIRST: readonly PastState[] = ['down', 'attention', 'maintenance', 'checking', 'up']

/** The worst state of each of `count` equal parts of a time. */
export function segmentsOf(stretches: readonly Stretch[], from: number, to: number, count: number): readonly SegmentState[] {
  const width = (to - from) / count
  return Array.from({ length: count }, (_, index) => {
    const [start, end] = [from + index * width, from + (index + 1) * width]
    const states = new Set(stretches.filter((stretch) => stretch.from < end && stretch.to > start).map(({ state }) => state))
    return WORST_FIRST.find((state) => states.has(state)) ?? 'none'
  })
}
