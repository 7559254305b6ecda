import { z } from 'zod'
import { configSchema } from './config/document'
import { isSecretHeader, MASK, SECRET_HEADERS } from './config/secret'

/** Where a secret is. */
export interface SecretPlace {
  /** As the document has it now: `['services', 0, 'basicAuth', 'users', 1, 'hash']`. */
  readonly path: readonly (string | number)[]
  /** The same by ids and names, which stay when things are moved about: `['services', 'wiki', 'basicAuth', 'users', 'anna', 'hash']`. */
  readonly names: readonly string[]
  /** Which of the names is the last that people choose. */
  readonly chosen: number
}

type Edit = (value: unknown, place: SecretPlace) => unknown

/**
 * The document with every secret replaced. What is one, the schema says (`SECRET`); the document itself may be anything, and
 * what does not have the schema's shape stays as it is.
 */
export function mapSecrets(document: unknown, edit: Edit): unknown {
  return walk(configSchema, document, { path: [], names: [], chosen: 0 }, edit)
}

/** The document as it may be shown: every secret is a mask. */
export function masked(document: unknown): unknown {
  return mapSecrets(document, () => MASK)
}

function walk(schema: z.core.$ZodType, value: unknown, place: SecretPlace, edit: Edit): unknown {
  const mark = markOf(schema)
  if (mark === true) return value === undefined ? value : edit(value, place)
  const inner = unwrapped(schema)
  if (!holdsSecrets(schema)) return value
  if (inner instanceof z.ZodArray)
    return Array.isArray(value)
      ? value.map((item: unknown, index) => walk(inner.element, item, within(place, index, nameOf(item, index), true), edit))
      : value
  if (!isRecord(value)) return value
  if (inner instanceof z.ZodObject) return mapped(value, (key, item) => walkKey(inner, key, item, place, edit))
  if (mark !== SECRET_HEADERS.secret) return value
  return mapped(value, (key, item) => (isSecretHeader(key, item) ? edit(item, within(place, key, key.toLowerCase(), true)) : item))
}

function walkKey(schema: z.ZodObject, key: string, value: unknown, place: SecretPlace, edit: Edit): unknown {
  const found = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined
  return found === undefined ? value : walk(found, value, within(place, key, key, false), edit)
}

/** Own keys alone, `__proto__` as any other. */
function mapped(value: Readonly<Record<string, unknown>>, edit: (key: string, item: unknown) => unknown): unknown {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, edit(key, item)]))
}

function within({ path, names, chosen }: SecretPlace, step: string | number, name: string, isChosen: boolean): SecretPlace {
  return { path: [...path, step], names: [...names, name], chosen: isChosen ? names.length : chosen }
}

function nameOf(item: unknown, index: number): string {
  const { id, name } = isRecord(item) ? item : {}
  if (typeof id === 'string') return id
  return typeof name === 'string' ? name : `#${index}`
}

const known = new WeakMap<z.core.$ZodType, boolean>()

/** Lists of addresses have a hundred thousand entries, and none: they are not looked through. */
function holdsSecrets(schema: z.core.$ZodType): boolean {
  const before = known.get(schema)
  if (before !== undefined) return before
  const inner = unwrapped(schema)
  const holds =
    markOf(schema) !== undefined ||
    (inner instanceof z.ZodArray && holdsSecrets(inner.element)) ||
    (inner instanceof z.ZodObject && Object.values(inner.shape).some((key) => holdsSecrets(key)))
  known.set(schema, holds)
  return holds
}

function markOf(schema: z.core.$ZodType): unknown {
  const mark = z.globalRegistry.get(schema)?.['secret']
  if (mark !== undefined) return mark
  const inner = innerOf(schema)
  return inner === null ? undefined : markOf(inner)
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = innerOf(schema)
  return inner === null ? schema : unwrapped(inner)
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | null {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return schema.def.innerType
  return schema instanceof z.ZodPipe ? schema.def.in : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
