import type { Found, Level } from './found'

/** Failures that are no further apart are one coming and going. */
export const FLAP_MS = 5 * 60_000

/** What is known of a service. */
export interface Known {
  level: Level
  /** The alarm that is out, which its end replaces. */
  alarm: string | null
  /** When people were told that it is away, within `FLAP_MS`; of `elapsed`, as all below but `Alarm.since`. */
  told: number[]
  /** Failures one soon after the other, told or not. */
  failed: { times: number; since: number; last: number }
  /** Backends that were down last, by id, with where they were. */
  readonly down: Map<string, string>
  /** It is away, and nobody was told since nobody wanted to know; that may change. */
  hushed: boolean
  /** Nothing was found of it since the engine started. */
  unsure: boolean
  later: NodeJS.Timeout | undefined
}

/** One cause that people were told of: which services it took away, and since when. */
export interface Alarm {
  readonly id: string
  readonly machine: string
  /** Since when, in epoch ms, and of `elapsed`. */
  readonly since: number
  readonly began: number
  wasDown: boolean
  /** Whether it comes and goes, so that its end is told once it has settled. */
  flaps: boolean
  settling: NodeJS.Timeout | undefined
  /** By service. */
  readonly found: Map<string, Found>
}

export function newKnown(): Known {
  return {
    level: 'well',
    alarm: null,
    told: [],
    failed: { times: 0, since: 0, last: 0 },
    down: new Map<string, string>(),
    hushed: false,
    unsure: false,
    later: undefined,
  }
}

export function newAlarm(id: string, machine: string, since: number, began: number): Alarm {
  return { id, machine, since, began, wasDown: false, flaps: false, settling: undefined, found: new Map<string, Found>() }
}

/** It has failed, once more or for the first time in a while. */
export function countFailure(known: Known, now: number): void {
  const { times, since, last } = known.failed
  const goesOn = times > 0 && now - last < FLAP_MS
  known.failed = { times: goesOn ? times + 1 : 1, since: goesOn ? since : now, last: now }
}

/** What was to be told later is not. */
export function dropLater(known: Known): void {
  clearTimeout(known.later)
  known.later = undefined
}
