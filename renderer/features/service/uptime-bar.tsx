import { type KeyboardEvent, useState } from 'react'
import { type HealthHistory, uptimeOf } from '../../../proxy/contract/health-history'
import { formatShare, NO_FIGURE } from '../../lib/format'
import { type Segment, type SegmentState, segmentsOf, segmentWords } from '../../lib/uptime'

const HEIGHT = 18
const WIDTH = 2
const STEP = 3

/** Where a segment's pieces begin and how high they are: a state is told by its shape as well as by its colour (DESIGN §5). */
const PIECES: Readonly<Record<SegmentState, readonly (readonly [y: number, height: number])[]>> = {
  up: [[0, 18]],
  attention: [[6, 12]],
  down: [[12, 6]],
  maintenance: [
    [0, 3],
    [5, 3],
    [10, 3],
    [15, 3],
  ],
  checking: [[15, 3]],
  none: [[15, 3]],
}

interface UptimeBarProps {
  readonly backend: string
  readonly history: HealthHistory | null
}

/** The last 24 hours of a backend, and the share of them that it was up: 90 parts of 16 minutes where there is room, else 45. */
export function UptimeBar({ backend, history }: UptimeBarProps) {
  const stretches = history?.backends.find(({ id }) => id === backend)?.stretches ?? []
  const share = uptimeOf(stretches)
  const percent = share === null ? NO_FIGURE : formatShare(share, 1)
  const downs = stretches.filter(({ state }) => state === 'down').length
  const label =
    share === null
      ? `${backend}: not watched in the last 24 hours`
      : `${backend}: up ${percent} of the last 24 hours, down ${downs === 0 ? 'never' : downs === 1 ? 'once' : `${downs} times`}`
  const segments = (count: number): readonly Segment[] => (history === null ? [] : segmentsOf(stretches, history.from, history.to, count))
  return (
    <span className="uptime">
      <Bar className="uptime-wide" label={label} segments={segments(90)} />
      <Bar className="uptime-slim" label={label} segments={segments(45)} />
      <span className="small second">{percent}</span>
    </span>
  )
}

/** Arrow keys move through the parts and say each; so does the pointer. */
function Bar({
  className,
  label,
  segments,
}: {
  readonly className: string
  readonly label: string
  readonly segments: readonly Segment[]
}) {
  const last = segments.length - 1
  const [chosen, setChosen] = useState<number | null>(null)
  const at = Math.min(chosen ?? last, last)
  const segment = segments[at]

  function move(event: KeyboardEvent): void {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key]
    if (to === undefined) return
    event.preventDefault()
    setChosen(Math.max(0, Math.min(last, to)))
  }

  return (
    <span
      className={`uptime-bar ${className}`}
      // An <input type="range"> cannot be read-only, and draws a knob.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-readonly="true"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={segment ? segmentWords(segment) : 'Nothing known yet'}
      onKeyDown={move}
      onBlur={() => setChosen(null)}
    >
      <svg width={Math.max(1, segments.length * STEP - 1)} height={HEIGHT} aria-hidden="true">
        {segments.map((one, index) => (
          // A segment is its place in time, and nothing else.
          // oxlint-disable-next-line react/no-array-index-key
          <g key={index} data-past={one.state} data-chosen={index === chosen || undefined}>
            <title>{segmentWords(one)}</title>
            {PIECES[one.state].map(([y, height]) => (
              <rect key={y} x={index * STEP} y={y} width={WIDTH} height={height} />
            ))}
          </g>
        ))}
      </svg>
      {chosen !== null && segment && (
        <span className="uptime-words small" aria-hidden="true">
          {segmentWords(segment)}
        </span>
      )}
    </span>
  )
}
