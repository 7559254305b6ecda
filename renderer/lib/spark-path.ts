/** A line through points that are evenly apart, and the area below it, as SVG paths. */
export interface SparkPath {
  readonly line: string
  readonly area: string
  /** Where the line ends. */
  readonly end: { readonly x: number; readonly y: number }
}

/**
 * Draws numbers into a box of `width` × `height`, nought at the bottom. The scale ends at the greatest number, but never below
 * `least`: a single request in half an hour must not look like a storm.
 */
export function sparkPath(points: readonly number[], width: number, height: number, least = 0.5): SparkPath | null {
  if (points.length < 2) return null
  const margin = 3
  const top = Math.max(least, ...points)
  const step = width / (points.length - 1)
  const places = points.map((value, index) => ({
    x: round(index * step),
    y: round(height - margin - (value / top) * (height - 2 * margin)),
  }))
  const line = places.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')
  return { line, area: `${line}L${width} ${height}L0 ${height}Z`, end: places.at(-1) ?? { x: width, y: height } }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
