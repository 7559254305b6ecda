type Json = Readonly<Record<string, unknown>>

/**
 * Carries the step from `base` to `mine` over to `theirs`, which also came from `base`: three-way, by key in objects and by
 * `id` in lists of objects. Where both changed the same value, `mine` wins.
 */
export function merge<T>(base: T, mine: T, theirs: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made of parts of the three at the places where they were
  return mergeValue(base, mine, theirs) as T
}

function mergeValue(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (same(base, mine)) return theirs
  if (same(base, theirs) || same(mine, theirs)) return mine
  if (isObject(base) && isObject(mine) && isObject(theirs)) return mergeKeys(base, mine, theirs)
  if (isListOfIds(base) && isListOfIds(mine) && isListOfIds(theirs)) return mergeLists(base, mine, theirs)
  return mine
}

function mergeKeys(base: Json, mine: Json, theirs: Json): Json {
  const keys = new Set([...Object.keys(theirs), ...Object.keys(mine)])
  const merged = [...keys].map((key): [string, unknown] => [key, mergeValue(base[key], mine[key], theirs[key])])
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined))
}

/** Keeps the order of `theirs`; what only `mine` has comes after the neighbour it has there. */
function mergeLists(base: readonly Json[], mine: readonly Json[], theirs: readonly Json[]): readonly Json[] {
  const find = (list: readonly Json[], id: unknown): Json | undefined => list.find((item) => item['id'] === id)
  const merged: Json[] = []
  for (const item of theirs) {
    const kept = mergeValue(find(base, item['id']), find(mine, item['id']), item)
    if (isObject(kept)) merged.push(kept)
  }
  mine.forEach((item, index) => {
    if (find(merged, item['id']) || same(find(base, item['id']), item)) return
    const before = mine[index - 1]
    const place = before === undefined ? 0 : merged.findIndex((other) => other['id'] === before['id']) + 1
    merged.splice(place === 0 && index > 0 ? merged.length : place, 0, item)
  })
  return merged
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOfIds(value: unknown): value is readonly Json[] {
  return Array.isArray(value) && value.every((item) => isObject(item) && typeof item['id'] === 'string')
}
