import type { Maintenance } from './config/maintenance'
import { parseDuration } from './config/scalars'

/** What visitors read while a service is away. */
export interface MaintenancePage {
  readonly title: string
  readonly message: string
  /** Epoch ms; null: nobody knows. */
  readonly until: number | null
  /** For `Retry-After`, in seconds. */
  readonly retryAfter: number
}

const TITLE = 'Away for a moment'
const MESSAGE = 'This service is away for a moment. Please try again shortly.'
/** When clients may come back where a service does not say it. */
export const RETRY_OMITTED = '5m'
const RETRY_SECONDS = (parseDuration(RETRY_OMITTED) ?? 0) / 1_000

/** The page of a service. `now` in epoch ms. */
export function maintenancePage({ title, message, until, retryAfter }: Maintenance, now: number): MaintenancePage {
  const end = until === undefined ? null : Date.parse(until)
  const expected = end !== null && end > now ? end : null
  const seconds =
    expected === null ? (retryAfter === undefined ? RETRY_SECONDS : Math.ceil(retryAfter / 1_000)) : Math.ceil((expected - now) / 1_000)
  return {
    title: title ?? TITLE,
    message: message === undefined || message === '' ? MESSAGE : message,
    until: expected,
    retryAfter: seconds,
  }
}
