import type { ConfigDocument } from '../../proxy/contract/config/document'
import { parseRange } from '../../proxy/contract/address'
import { isAddressPreset } from '../../proxy/contract/config/access'
import { whyNot } from '../../proxy/contract/parse-address-lines'
import { formatMoment, formatSpan } from './format'

/** A rule as it stands in the document, of a service or of a list. */
export interface RuleDocument {
  readonly action?: 'allow' | 'deny' | undefined
  readonly from?: string | undefined
  readonly list?: string | undefined
  readonly name?: string | undefined
  readonly note?: string | undefined
  readonly until?: string | undefined
}

type ListDocument = NonNullable<ConfigDocument['accessLists']>[number]

const PRESETS: Readonly<Record<string, string>> = {
  loopback: 'This computer',
  'this-network': 'This office network',
  lan: 'Any private network',
  vpn: 'VPN',
  anyone: 'Anyone',
}

/** Whom a rule is about, in words. */
export function ruleSubject({ from, list }: RuleDocument, lists: readonly ListDocument[]): string {
  if (list !== undefined) return lists.find(({ id }) => id === list)?.name ?? list
  return PRESETS[from ?? ''] ?? from ?? ''
}

/** What is wrong with an address as typed, in a sentence; null where it can be used. */
export function addressProblem(text: string): string | null {
  const wanted = text.trim()
  if (wanted === '') return 'Write an address, such as 192.168.1.20 or 192.168.1.0/24.'
  if (isAddressPreset(wanted) || parseRange(wanted) !== null) return null
  const why = whyNot(wanted)
  return `${why.charAt(0).toUpperCase()}${why.slice(1)}.`
}

/** A rule that an earlier one covers already, so that it is never reached; the place of that one, else null. */
export function coveredBy(rules: readonly RuleDocument[], at: number): number | null {
  const range = parseRange(rules[at]?.from ?? '')
  if (range === null) return null
  const earlier = rules.slice(0, at).findIndex(({ from, until }) => {
    if (until !== undefined) return false
    if (from === 'anyone') return true
    const other = parseRange(from ?? '')
    return other !== null && other.family === range.family && other.first <= range.first && range.last <= other.last
  })
  return earlier === -1 ? null : earlier
}

/** When something ends by itself, in words; null where it does not. */
export function endWords(until: string | undefined, now: number): string | null {
  if (until === undefined) return null
  const left = Date.parse(until) - now
  if (left <= 0) return 'Ended'
  return left < 3_600_000 ? `Ends in ${formatSpan(left)}` : `Until ${formatMoment(Date.parse(until), now)}`
}

/** Spans that something can be set for. */
export const SPANS = [
  { id: 'never', text: 'Until I undo it', ms: null },
  { id: 'hour', text: '1 hour', ms: 3_600_000 },
  { id: 'two-hours', text: '2 hours', ms: 7_200_000 },
  { id: 'day', text: '24 hours', ms: 86_400_000 },
  { id: 'week', text: '7 days', ms: 604_800_000 },
] as const
export type SpanId = (typeof SPANS)[number]['id']

/** The moment that a span from now on ends, as the document has it. */
export function endOfSpan(id: SpanId, now: number): string | undefined {
  const ms = SPANS.find((span) => span.id === id)?.ms ?? null
  return ms === null ? undefined : new Date(now + ms).toISOString()
}

/** Names of the services that use a list. */
export function listUsers(document: ConfigDocument, list: string): string[] {
  return (document.services ?? [])
    .filter(({ access }) => access?.rules?.some((rule) => rule.list === list))
    .map(({ id, name }) => name ?? id)
}

/** The document with a list's rules. */
export function withListRules(document: ConfigDocument, id: string, rules: readonly RuleDocument[]): ConfigDocument {
  return {
    ...document,
    accessLists: (document.accessLists ?? []).map((list) => (list.id === id ? { ...list, rules: listRules(rules) } : list)),
  }
}

/** A list's rules name addresses; nothing else can stand there. */
export function listRules(rules: readonly RuleDocument[]): ListDocument['rules'] {
  return rules.flatMap(({ action, from, name, note, until }) =>
    action === undefined || from === undefined ? [] : [{ action, from, ...remarks({ name, note, until }) }],
  )
}

/** What people write beside a rule, without what was left out. */
export function remarks({ name, note, until }: Pick<RuleDocument, 'name' | 'note' | 'until'>): {
  name?: string
  note?: string
  until?: string
} {
  return { ...(given(name) ? { name } : {}), ...(given(note) ? { note } : {}), ...(given(until) ? { until } : {}) }
}

function given(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}
