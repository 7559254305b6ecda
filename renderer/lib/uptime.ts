import type { PastState, Stretch } from '../../proxy/contract/health-history'
import { formatClock, formatSpan } from './format'

/** `none`: the gateway did not run, or nobody watched. */
export type SegmentState = PastState | 'none'

export interface Segment {
  readonly from: number
  readonly to: number
  /** The worst state within. */
  readonly state: SegmentState
  /** How long it was in that state, in ms. */
  readonly time: number
}

const WORST_FIRST: readonly PastState[] = ['down', 'attention', 'maintenance', 'checking', 'up']

/** A time in `count` equal parts, each with the worst state in it. */
export function segmentsOf(stretches: readonly Stretch[], from: number, to: number, count: number): readonly Segment[] {
  const width = (to - from) / count
  return Array.from({ length: count }, (_, index) => {
    const [start, end] = [from + index * width, from + (index + 1) * width]
    const within = stretches.filter((stretch) => stretch.from < end && stretch.to > start)
    const state = WORST_FIRST.find((worst) => within.some((stretch) => stretch.state === worst)) ?? 'none'
    const time = within.reduce(
      (sum, stretch) => (stretch.state === state ? sum + Math.min(stretch.to, end) - Math.max(stretch.from, start) : sum),
      0,
    )
    return { from: start, to: end, state, time }
  })
}

const WORDS: Readonly<Record<SegmentState, string>> = {
  up: 'up',
  attention: 'needed attention',
  down: 'down',
  maintenance: 'maintenance',
  checking: 'being checked',
  none: 'not watched',
}

/** `13:12 to 13:28, down 4 min`. */
export function segmentWords({ from, to, state, time }: Segment): string {
  const long = state === 'none' || time >= to - from - 1 ? '' : ` ${formatSpan(time)}`
  return `${formatClock(from)} to ${formatClock(to)}, ${WORDS[state]}${long}`
}
