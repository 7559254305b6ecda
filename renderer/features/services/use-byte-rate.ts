import { useState } from 'react'
import { useServiceStatus, useStatus } from '../../state/hooks'
import { nextSample, type Sample } from './byte-rate'

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
