/** Figures that come sooner than this after the last say nothing about a second. */
const SHORTEST = 500

/** A service’s total at a time. */
export interface Sample {
  readonly at: number
  readonly bytes: number
  /** Null before the second sample. */
  readonly rate: number | null
}

/** The sample that follows; a restart of the gateway counts anew. */
export function nextSample(last: Sample | null, at: number, bytes: number): Sample {
  if (last === null || bytes < last.bytes || at < last.at) return { at, bytes, rate: null }
  return at - last.at < SHORTEST ? last : { at, bytes, rate: ((bytes - last.bytes) * 1_000) / (at - last.at) }
}
