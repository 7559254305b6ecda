import { memo } from 'react'
import { sparkPath } from '../lib/spark-path'
import './sparkline.css'

interface SparklineProps {
  readonly points: readonly number[]
  /** What a screen reader says instead: "Requests in the last 30 minutes". */
  readonly label: string
  readonly width?: number
  readonly height?: number
}

/** The fade below the lines; once per page. */
export function SparkFade() {
  return (
    <svg className="spark-fade" aria-hidden="true">
      <linearGradient id="spark-fade" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" className="spark-fade-top" />
        <stop offset="1" className="spark-fade-end" />
      </linearGradient>
    </svg>
  )
}

/** A small line of the last half hour; dashed where there was nothing. */
export const Sparkline = memo(function Sparkline({ points, label, width = 108, height = 26 }: SparklineProps) {
  const path = points.some((value) => value > 0) ? sparkPath(points, width, height) : null
  return (
    <svg
      className="spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={path ? label : `${label}: none`}
    >
      {path ? (
        <>
          <path className="spark-area" d={path.area} />
          <path className="spark-line" d={path.line} />
          <circle className="spark-end" cx={path.end.x} cy={path.end.y} r="3.25" />
        </>
      ) : (
        <path className="spark-idle" d={`M0 ${height - 6}h${width}`} />
      )}
    </svg>
  )
})
