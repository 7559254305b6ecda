import { useState } from 'react'
import { useServiceStatus, useStatus } from '../../state/hooks'

/** Figures that come sooner than this after the last say nothing about a second. */
const SHORTEST = 500

interface Sample {
  readonly at: number
  readonly bytes: number
  /** Null before the second sample. */
  readonly rate: number | null
}

/** Bytes a second, both ways, from one second's totals to the next; null until there are two. */
export function useByteRate(id: string): number | null {
  const at = useStatus(({ status }) => status?.at ?? 0)
  const traffic = useServiceStatus(id)?.traffic
  const bytes = traffic === undefined ? null : traffic.bytesIn + traffic.bytesOut
  const [last, setLast] = useState<Sample | null>(null)
  const next = bytes === null ? null : nextSample(last, at, bytes)
  if (next !== last) setLast(next)
  return next?.rate ?? null
}

/** The sample that follows; a restart of the gateway counts anew. */
export function nextSample(last: Sample | null, at: number, bytes: number): Sample {
  if (last === null || bytes < last.bytes || at < last.at) return { at, bytes, rate: null }
  return at - last.at < SHORTEST ? last : { at, bytes, rate: ((bytes - last.bytes) * 1_000) / (at - last.at) }
}
