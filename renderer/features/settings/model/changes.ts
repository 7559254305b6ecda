/** One difference between two documents. */
export interface DocumentChange {
  /** Where, by names instead of positions: `Office wiki › health › interval`. */
  readonly place: string
  /** Null: was not there before, or is not there any more. */
  readonly before: string | null
  readonly after: string | null
}

type Json = Readonly<Record<string, unknown>>

/** What differs, leaf by leaf, in the order of the newer document. A whole service that came or went is one change. */
export function documentChanges(before: unknown, after: unknown): DocumentChange[] {
  return compare([], before, after)
}

function compare(place: readonly string[], before: unknown, after: unknown): DocumentChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (isNamed(before) && isNamed(after)) return compareKeys(place, byId(before), byId(after))
  if (isObject(before) && isObject(after)) return compareKeys(place, before, after)
  return [{ place: place.join(' › '), before: inWords(before), after: inWords(after) }]
}

function compareKeys(place: readonly string[], before: Json, after: Json): DocumentChange[] {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return keys.flatMap((key) => {
    const [was, is] = [before[key], after[key]]
    const name = nameOf(is) ?? nameOf(was) ?? key
    // The path says "Office wiki", not "services › wiki".
    const inside = place.length === 1 && place[0] === 'services' ? [name] : [...place, name]
    return compare(inside, was, is)
  })
}

function inWords(value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value === 'string') return value
  const name = nameOf(value)
  if (name !== null) return name
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => inWords(item) ?? '').join(', ')
  return isObject(value)
    ? Object.entries(value)
        .map(([key, item]) => `${key}: ${inWords(item) ?? ''}`)
        .join(', ')
    : JSON.stringify(value)
}

function nameOf(value: unknown): string | null {
  if (!isObject(value)) return null
  if (typeof value['name'] === 'string') return value['name']
  return typeof value['id'] === 'string' ? value['id'] : null
}

function byId(list: readonly Json[]): Json {
  return Object.fromEntries(list.map((item) => [String(item['id']), item]))
}

function isNamed(value: unknown): value is readonly Json[] {
  return Array.isArray(value) && value.every((item) => isObject(item) && typeof item['id'] === 'string')
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
