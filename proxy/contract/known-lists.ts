import type { ConfigDocument } from './config/document'
import { ENTRIES_PER_STEP, type Steps } from './steps'

/** Shorter lists are compared as they come. */
const LONG = ENTRIES_PER_STEP

/** Lists of which two that say the same are one, so that those that are two differ. */
const settled = new WeakSet<object>()

/**
 * The input with a known document’s long lists in the place of those that say the same: what goes by the list itself (its check,
 * its compiled form, its text, whether it has to be sent) is then had already, and a save of something else costs nothing for it.
 */
export function* withKnownLists(input: unknown, known: ConfigDocument): Steps<unknown> {
  if (!isRecord(input)) return input
  const blocked = yield* knownList(input['blocked'], known.blocked)
  const accessLists = yield* inEach(input['accessLists'], known.accessLists ?? [], (item, before) => withRules(item, before?.rules))
  const services = yield* inEach(input['services'], known.services ?? [], function* (item, before) {
    const access = yield* withRules(item['access'], before?.access?.rules)
    return access === item['access'] ? item : { ...item, access }
  })
  const lists = { blocked, accessLists, services }
  const changed = Object.entries(lists).filter(([key, list]) => list !== input[key])
  return changed.length === 0 ? input : { ...input, ...Object.fromEntries(changed) }
}

function* withRules(holder: unknown, known: readonly unknown[] | undefined): Steps<unknown> {
  if (!isRecord(holder)) return holder
  const rules = yield* knownList(holder['rules'], known)
  return rules === holder['rules'] ? holder : { ...holder, rules }
}

function* inEach<Known extends { readonly id: string }>(
  list: unknown,
  known: readonly Known[],
  edit: (item: Record<string, unknown>, before: Known | undefined) => Steps<unknown>,
): Steps<unknown> {
  if (!Array.isArray(list)) return list
  const byId = new Map(known.map((one) => [one.id, one]))
  const edited: unknown[] = []
  for (const item of list as readonly unknown[]) {
    yield
    edited.push(isRecord(item) ? yield* edit(item, byId.get(String(item['id']))) : item)
  }
  return edited.every((item, index) => item === list[index]) ? list : edited
}

function* knownList(list: unknown, known: readonly unknown[] | undefined): Steps<unknown> {
  if (!Array.isArray(list) || list.length <= LONG) return list
  settled.add(list)
  if (known === undefined || known === list || known.length !== list.length) return list
  for (let index = 0; index < list.length; index++) {
    if (index % ENTRIES_PER_STEP === ENTRIES_PER_STEP - 1) yield
    if (!isSame(list[index], known[index])) return list
  }
  settled.add(known)
  return known
}

/** Whether two JSON values say the same, whatever the order of keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length || (settled.has(a) && settled.has(b))) return false
    return a.every((item, index) => isSame(item, b[index]))
  }
  const entries = Object.entries(a)
  const others = new Map<string, unknown>(Object.entries(b))
  return entries.length === others.size && entries.every(([key, value]) => others.has(key) && isSame(value, others.get(key)))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
