import type { z } from 'zod'
import { checkConfig, type Surroundings } from './check'
import { configSchema, type Config, type ConfigDocument } from './config/document'
import { NOT_YET } from './config/not-yet'
import { misfits } from './config/service-kinds'
import { formatPath, type Issue } from './issue'

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config; readonly document: ConfigDocument }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Parses a document from outside: shape, then the rules across objects. `document` is the input itself, now known to be
 * valid; `config` has every default in place.
 */
export function parseConfig(input: unknown, surroundings?: Surroundings): ParsedConfig {
  const parsed = configSchema.safeParse(input)
  if (!parsed.success || !isDocument(input, parsed)) return { ok: false, issues: (parsed.error?.issues ?? []).flatMap(toIssues) }
  const issues = [...misfits(input.services ?? []), ...checkConfig(parsed.data, surroundings)]
  if (issues.length > 0) return { ok: false, issues }
  return { ok: true, config: parsed.data, document: input }
}

/** A value that the schema took is of the schema's input type; zod does not hand it out as such. */
function isDocument(input: unknown, parsed: z.ZodSafeParseResult<Config>): input is ConfigDocument {
  return parsed.success && input !== undefined
}

function toIssues(issue: z.core.$ZodIssue): Issue[] {
  // A key of a record is refused by a schema of its own, whose sentence is the one for people.
  if (issue.code === 'invalid_key') return [{ path: formatPath(issue.path), message: issue.issues[0]?.message ?? issue.message }]
  if (issue.code !== 'unrecognized_keys') return [{ path: formatPath(issue.path), message: issue.message }]
  return issue.keys.map((key) => {
    const path = [...issue.path, key]
    const place = path.filter((part) => typeof part === 'string').join('.')
    const feature = Object.hasOwn(NOT_YET, place) ? NOT_YET[place] : undefined
    const message = feature === undefined ? issue.message : `AstroRelay cannot do this yet (${feature}); remove this key`
    return { path: formatPath(path), message }
  })
}
