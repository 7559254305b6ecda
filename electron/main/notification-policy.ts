import type { Alert, Notice } from '../../proxy/contract/events'

/** Within this time what has the same cause takes the place of the one before. */
const SAME_CAUSE_MS = 5 * 60_000
/** How often one cause may come up in that time before it goes on unseen. */
const SHOWN_PER_CAUSE = 3
/** More different causes than this in a minute are told as a number. */
const SHOWN_PER_MINUTE = 3

/** So many of the shown are remembered. */
const REMEMBERED = 200

export type Decision =
  | {
      readonly show: true
      readonly cause: string
      readonly title: string
      readonly body: string
      readonly silent: boolean
      readonly place?: string | undefined
    }
  | { readonly show: false }

/** What there is to tell, of whichever kind. */
export interface Told {
  /** What replaces what: the end of an alarm has the cause of the alarm. */
  readonly cause: string
  readonly title: string
  readonly text: string
  readonly silent: boolean
  readonly place?: string | undefined
}

export function toldByNotice({ title, text, level, place }: Notice): Told {
  return { cause: title, title, text, silent: level === 'info', place }
}

/** One service opens on its page, several on the list, where the worst are first. */
export function toldByAlert({ id, title, text, level, services }: Alert): Told {
  return {
    cause: id,
    title,
    text,
    silent: level === 'back' || level === 'planned',
    place: services.length === 1 ? `/services/${services[0]}` : '/services',
  }
}

/** Decides which of them become notifications, so that a flapping backend or a bad minute does not bury the desktop. */
export class NotificationPolicy {
  #shown: { readonly cause: string; readonly at: number }[] = []

  constructor(private readonly elapsed: () => number) {}

  decide(told: Told): Decision {
    const now = this.elapsed()
    this.#shown = this.#shown.filter(({ at }) => now - at < SAME_CAUSE_MS)
    const { cause } = told
    if (this.#shown.filter((earlier) => earlier.cause === cause).length >= SHOWN_PER_CAUSE) return { show: false }
    this.#shown.push({ cause, at: now })
    // However many causes there are: those of the last minute are told as one by then.
    if (this.#shown.length > REMEMBERED) this.#shown.shift()
    const causes = new Set(this.#shown.filter(({ at }) => now - at < 60_000).map((earlier) => earlier.cause))
    if (causes.size > SHOWN_PER_MINUTE)
      return { show: true, cause: 'many', title: `${causes.size} things need attention`, body: 'AstroRelay lists them.', silent: true }
    return { show: true, cause, title: told.title, body: told.text, silent: told.silent, place: told.place }
  }
}
