import { configChecks, type Surroundings } from './check'
import type { Config, ConfigDocument } from './config/document'
import { NOT_YET } from './config/not-yet'
import { misfits } from './config/service-kinds'
import { formatPath, type Issue } from './issue'
import { shapeParsing, type ParsedShape, type PlacedIssue } from './parse-shape'
import { atOnce, type Steps } from './steps'

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config; readonly document: ConfigDocument }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Parses a document from outside: shape, then the rules across objects. `document` is the input itself, now known to be
 * valid; `config` has every default in place.
 */
export function parseConfig(input: unknown, surroundings?: Surroundings): ParsedConfig {
  return atOnce(configParsing(input, surroundings))
}

/** The same as work in steps, for a process that serves: a document may name 300,000 networks. */
export function* configParsing(input: unknown, surroundings?: Surroundings): Steps<ParsedConfig> {
  const parsed = yield* shapeParsing(input)
  if (!parsed.ok) return { ok: false, issues: parsed.issues.flatMap(toIssues) }
  if (!isDocument(input, parsed)) return { ok: false, issues: [] }
  yield
  const issues = [...misfits(input.services ?? []), ...(yield* configChecks(parsed.config, surroundings))]
  if (issues.length > 0) return { ok: false, issues }
  return { ok: true, config: parsed.config, document: input }
}

/** A value that the schema took is of the schema's input type; zod does not hand it out as such. */
function isDocument(input: unknown, parsed: ParsedShape): input is ConfigDocument {
  return parsed.ok && input !== undefined
}

function toIssues(issue: PlacedIssue): Issue[] {
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
