import { FORMAT_VERSION } from '../../contract/config/document'

type Json = Readonly<Record<string, unknown>>

/**
 * Takes a document from one version of the format to the next. Once released a step is frozen: it is never edited and
 * imports nothing of today's schema, since a file of that version may turn up years later.
 */
export type Migration = (document: Json) => Json

/** The step at index 0 leads from version 1 to version 2, and so on. Version 1 is the first. */
const MIGRATIONS: readonly Migration[] = []

export type Migrated =
  | { readonly kind: 'current' | 'migrated'; readonly document: unknown }
  | { readonly kind: 'newer'; readonly version: number }

/** Brings an older document to today's version; a newer one is named, never guessed at. A missing or odd version is the schema's to refuse. */
export function migrate(input: unknown, steps: readonly Migration[] = MIGRATIONS, target: number = FORMAT_VERSION): Migrated {
  if (!isObject(input) || typeof input['version'] !== 'number' || !Number.isInteger(input['version']))
    return { kind: 'current', document: input }
  const version = input['version']
  if (version > target) return { kind: 'newer', version }
  if (version < 1 || version === target) return { kind: 'current', document: input }
  let document: Json = input
  for (const [at, step] of steps.slice(version - 1, target - 1).entries()) document = { ...step(document), version: version + at + 1 }
  return { kind: 'migrated', document }
}

function isObject(input: unknown): input is Json {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}
