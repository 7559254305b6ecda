import { z } from 'zod'
import { backendSchema, type Backend } from './backend'
import { configSchema } from './document'
import { listenerSchema, type Listener } from './listener'
import { serviceSchema, type Service } from './service'
import { settingsSchema, type Settings } from './settings'

// What the schema says of its keys, read from the schema itself, for all that shows or explains them. Places are written
// without positions: `services.backends.weight`.

/** What holds where nothing is said. What has to be said (id, url, port) is of no use here. */
export const DEFAULTS: {
  readonly service: Service
  readonly backend: Backend
  readonly listener: Listener
  readonly settings: Settings
} = {
  service: serviceSchema.parse({ id: 'any', backends: [{ id: 'any', url: 'http://any.invalid' }] }),
  backend: backendSchema.parse({ id: 'any', url: 'http://any.invalid' }),
  listener: listenerSchema.parse({ id: 'any', port: 1 }),
  settings: settingsSchema.parse({}),
}

/** The default as it is written in a document, such as `5s`; null where there is none. */
export function defaultText(place: string): string | null {
  const value = defaultOf(keyAt(place))
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

/** The smallest and largest number that a key takes. */
export function rangeOf(place: string): { readonly min: number; readonly max: number } {
  const schema = bare(keyAt(place))
  if (schema instanceof z.ZodNumber && schema.minValue !== null && schema.maxValue !== null)
    return { min: schema.minValue, max: schema.maxValue }
  throw new Error(`the schema has no range for ${place}`)
}

/** How many characters a text may have. */
export function maxLengthOf(place: string): number {
  const schema = bare(keyAt(place))
  if (schema instanceof z.ZodString && schema.maxLength !== null) return schema.maxLength
  throw new Error(`the schema has no longest text for ${place}`)
}

/** The words that a key takes. */
export function optionsOf(place: string): readonly string[] {
  const schema = bare(keyAt(place))
  if (schema instanceof z.ZodEnum) return schema.options.map(String)
  throw new Error(`the schema has no list of words for ${place}`)
}

/** What is wrong with a value at a key, as the schema says it; null where nothing is. */
export function problemAt(place: string, value: unknown): string | null {
  const parsed = z.safeParse(keyAt(place), value)
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'this is not valid')
}

function keyAt(place: string): z.core.$ZodType {
  return place.split('.').reduce<z.core.$ZodType>((schema, key) => {
    const object = bare(schema)
    const found: unknown = object instanceof z.ZodObject ? object.shape[key] : undefined
    if (found instanceof z.core.$ZodType) return found
    throw new Error(`the schema has no key ${place}`)
  }, configSchema)
}

/** What is within wrappers and lists. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return bare(schema.def.innerType)
  if (schema instanceof z.ZodPipe) return bare(schema.def.in)
  return schema instanceof z.ZodArray ? bare(schema.def.element) : schema
}

function defaultOf(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return schema.def.defaultValue
  if (schema instanceof z.ZodOptional) return defaultOf(schema.def.innerType)
  return schema instanceof z.ZodPipe ? defaultOf(schema.def.in) : undefined
}
