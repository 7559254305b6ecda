/**
 * Numbers and times as people read them, the same everywhere in the interface. English with 24-hour times: the words around
 * them are English, and a figure such as "1.204" must not change its meaning with the browser's language.
 */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' })
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** What stands where there is no figure. */
export const NO_FIGURE = '–'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A count with thousands apart: `66,240`. */
export function formatCount(count: number): string {
  return whole.format(count)
}

/** A rate per second: `0`, `0.3`, `18.4`, `204`. Anything above nothing never reads as nothing. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0'
  if (perSecond < 0.1) return '<0.1'
  return perSecond < 100 ? tenth.format(perSecond) : whole.format(perSecond)
}

/** A time that was measured, in ms: `<1 ms`, `88 ms`, `1.2 s`, `42 s`, `3 min`. */
export function formatMs(ms: number): string {
  if (ms < 1) return '<1 ms'
  if (ms < 999.5) return `${whole.format(ms)} ms`
  if (ms < 9_950) return `${tenth.format(ms / SECOND)} s`
  return ms < MINUTE - 500 ? `${whole.format(ms / SECOND)} s` : formatSpan(ms)
}

/** A stretch of time in its largest unit: `9 s`, `12 min`, `3 h`, `5 days`. */
export function formatSpan(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`
  const days = Math.floor(ms / DAY)
  return `${days} ${days === 1 ? 'day' : 'days'}`
}

/** A size in powers of 1024: `812 B`, `4.7 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${whole.format(bytes)} B`
  const units = ['KB', 'MB', 'GB', 'TB', 'PB'] as const
  let value = bytes / 1024
  let at = 0
  while (value >= 1023.5 && at < units.length - 1) {
    value /= 1024
    at++
  }
  return `${value < 9.95 ? tenth.format(value) : whole.format(value)} ${units[at] ?? ''}`
}

/** A part of a whole: `98.7 %`; a dash where there is no whole. Nothing short of all reads as `100 %`. */
export function formatShare(part: number, all: number): string {
  if (all <= 0) return NO_FIGURE
  const percent = (part / all) * 100
  if (percent === 0 || percent === 100) return `${percent} %`
  if (percent < 0.1) return '<0.1 %'
  return percent > 99.9 ? '99.9 %' : `${tenth.format(percent)} %`
}

/** `14:25`. */
export function formatClock(at: number): string {
  return clock.format(at)
}

/** `14:25:08`. */
export function formatClockSeconds(at: number): string {
  return clockSeconds.format(at)
}

/** `Today`, `Yesterday`, `12 May`, or with the year where it is not this one. */
export function formatDay(at: number, now: number): string {
  if (sameDay(at, now)) return 'Today'
  const yesterday = new Date(now)
  yesterday.setDate(yesterday.getDate() - 1)
  if (sameDay(at, yesterday.getTime())) return 'Yesterday'
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? day.format(at) : dayOfYear.format(at)
}

/** A moment as a person would say it now: `14:25`, `Yesterday, 17:20`, `24 May, 17:20`. */
export function formatMoment(at: number, now: number): string {
  return sameDay(at, now) ? formatClock(at) : `${formatDay(at, now)}, ${formatClock(at)}`
}

/** `1 service`, `3 services`. */
export function formatNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** A schema's message as a sentence: first letter large, a full stop at the end. */
export function asSentence(message: string): string {
  const text = message.trim()
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`
}

/** Why something is not well, as a sentence; an id that it begins with (`wiki-1: connection refused`) stays as it is written. */
export function reasonSentence(reason: string, ids: readonly string[]): string {
  const id = ids.find((one) => reason.startsWith(`${one}: `))
  const sentence = asSentence(reason)
  return id === undefined ? sentence : `${id}${sentence.slice(id.length)}`
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}
