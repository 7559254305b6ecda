import type { z } from 'zod'
import { accessListSchema, accessRuleSchema, addressRuleSchema, blockedSchema } from './config/access'
import { configSchema, type Config } from './config/document'
import { listenerSchema } from './config/listener'
import { serviceSchema } from './config/service'
import { ENTRIES_PER_STEP, type Steps } from './steps'

/** What a schema found, at its place in the whole document. */
export type PlacedIssue = z.core.$ZodIssue

export type ParsedShape = { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly issues: readonly PlacedIssue[] }

/** A list this long is taken out of what holds it and parsed entry by entry. */
const LONG = ENTRIES_PER_STEP
/** After so many wrong entries of one list the rest is not looked at: it is another kind of file. */
const MAX_WRONG = 100

/**
 * The schema’s own verdict on a document, reached piece by piece: what holds the lists, then each entry of each list. All at
 * once a document with 300,000 networks would take a process a third of a second from everything else it does.
 */
export function* shapeParsing(input: unknown): Steps<ParsedShape> {
  if (!isRecord(input)) return whole(input)
  const issues: PlacedIssue[] = []
  const listeners = yield* items(input, 'listeners', issues, one(listenerSchema))
  const services = yield* items(input, 'services', issues, parseService)
  const accessLists = yield* items(input, 'accessLists', issues, parseAccessList)
  const blocked = yield* entries(input['blocked'], blockedSchema, ['blocked'], issues)
  const emptied = Object.fromEntries(LISTS.filter((key) => Array.isArray(input[key])).map((key) => [key, []]))
  const rest = configSchema.safeParse({ ...input, ...emptied })
  if (!rest.success) issues.push(...rest.error.issues)
  if (issues.length > 0 || !rest.success) return { ok: false, issues: issues.toSorted((a, b) => rank(a) - rank(b)) }
  const found = { ...(listeners && { listeners }), ...(services && { services }), ...(accessLists && { accessLists }) }
  return { ok: true, config: { ...rest.data, ...found, ...(blocked && { blocked }) } }
}

const LISTS = ['listeners', 'services', 'accessLists', 'blocked'] as const
const KEYS = Object.keys(configSchema.shape)

/** Issues stand in the order of the schema’s keys, as the schema itself gives them. */
function rank({ path }: PlacedIssue): number {
  const place = KEYS.indexOf(String(path[0]))
  return place === -1 ? KEYS.length : place
}

function whole(input: unknown): ParsedShape {
  const parsed = configSchema.safeParse(input)
  return parsed.success ? { ok: true, config: parsed.data } : { ok: false, issues: parsed.error.issues }
}

type Path = readonly PropertyKey[]
type ParseOne<Item> = (input: unknown, path: Path, issues: PlacedIssue[]) => Steps<Item | undefined>

/** The items of a list of objects; undefined where there is none, which the schema of the whole answers. */
function* items<Item>(
  input: Record<string, unknown>,
  key: string,
  issues: PlacedIssue[],
  parse: ParseOne<Item>,
): Steps<Item[] | undefined> {
  const list = input[key]
  if (!Array.isArray(list)) return undefined
  const found: Item[] = []
  const before = issues.length
  for (let index = 0; index < list.length; index++) {
    const item = yield* parse(list[index], [key, index], issues)
    if (item !== undefined) found.push(item)
    if (isTooWrong(issues, before, [key])) break
  }
  return found
}

function one<Schema extends z.ZodType>(schema: Schema): ParseOne<z.output<Schema>> {
  return function* (input, path, issues) {
    yield
    const parsed = schema.safeParse(input)
    if (parsed.success) return parsed.data
    place(parsed.error.issues, path, issues)
    return undefined
  }
}

const parseWholeService = one(serviceSchema)
const parseWholeList = one(accessListSchema)

const parseService: ParseOne<z.output<typeof serviceSchema>> = function* (input, path, issues) {
  const access = isRecord(input) ? input['access'] : undefined
  if (!isRecord(input) || !isRecord(access) || !isLong(access['rules'])) return yield* parseWholeService(input, path, issues)
  const service = yield* parseWholeService({ ...input, access: { ...access, rules: [] } }, path, issues)
  const rules = yield* entries(access['rules'], accessRuleSchema, [...path, 'access', 'rules'], issues)
  return service && rules && { ...service, access: { ...service.access, rules } }
}

const parseAccessList: ParseOne<z.output<typeof accessListSchema>> = function* (input, path, issues) {
  if (!isRecord(input) || !isLong(input['rules'])) return yield* parseWholeList(input, path, issues)
  const list = yield* parseWholeList({ ...input, rules: [] }, path, issues)
  const rules = yield* entries(input['rules'], addressRuleSchema, [...path, 'rules'], issues)
  return list && rules && { ...list, rules }
}

/**
 * Entries whose schema changes nothing, so that a list without fault is its own result: no second copy of it is kept, and
 * whoever knows the list by itself knows it again.
 */
function* entries<Schema extends z.ZodType>(
  list: unknown,
  schema: Schema,
  path: Path,
  issues: PlacedIssue[],
): Steps<z.output<Schema>[] | undefined> {
  if (!Array.isArray(list)) return undefined
  if (faultless.get(list) === schema) return list
  const before = issues.length
  for (let index = 0; index < list.length; index++) {
    if (index % ENTRIES_PER_STEP === ENTRIES_PER_STEP - 1) yield
    const parsed = schema.safeParse(list[index])
    if (!parsed.success) place(parsed.error.issues, [...path, index], issues)
    if (isTooWrong(issues, before, path)) break
  }
  if (issues.length === before) faultless.set(list, schema)
  return list
}

/** Lists that were found right, as which nobody changes them: the one that every save brings again is not looked at again. */
const faultless = new WeakMap<readonly unknown[], z.ZodType>()

function place(found: readonly PlacedIssue[], path: Path, issues: PlacedIssue[]): void {
  for (const issue of found) issues.push({ ...issue, path: [...path, ...issue.path] })
}

function isTooWrong(issues: PlacedIssue[], before: number, path: Path): boolean {
  if (issues.length - before < MAX_WRONG) return false
  issues.push({ code: 'custom', path: [...path], message: 'so much is wrong here that the rest was not looked at', input: undefined })
  return true
}

function isLong(list: unknown): boolean {
  return Array.isArray(list) && list.length > LONG
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
