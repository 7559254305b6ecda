/*
 * The two clocks, for all parts, and the only file that reads them (test/architecture/clocks.test.ts). Spans go by the one
 * that never jumps: ejections, drains, limits, what is remembered for a while. What is shown or stored as a date goes by the
 * other, which a person, a time server or a virtual machine that wakes up may set an hour back; so does what ends at a date
 * that somebody wrote into the configuration (`until`).
 */

/** Of the web and of Node alike: High Resolution Time, §7. The contract has neither's types. */
declare const performance: { now(): number }

/** Ms of a clock that never jumps. It tells nothing of the time of day, and means nothing to another process. */
export function elapsed(): number {
  return performance.now()
}

/** Epoch ms: the time of day, which may jump. */
export function wallTime(): number {
  return Date.now()
}

/** The present date, as it is written into files and configurations. */
export function isoDate(): string {
  return new Date(wallTime()).toISOString()
}

/** The date that a moment of `elapsed`, past or to come, has now: computed when it is told, so that a jump does not make it lie. */
export function dateOf(when: number): number {
  return Math.round(wallTime() + when - elapsed())
}

/** One moment by both clocks, for what asks rules that end at a date and what is remembered for a while. */
export interface Moment {
  /** Of `wallTime`. */
  readonly at: number
  /** Of `elapsed`. */
  readonly elapsed: number
}

export function present(): Moment {
  return { at: wallTime(), elapsed: elapsed() }
}
