import { FORMAT_VERSION, type Config, type ConfigDocument } from '../../contract/config/document'
import { formatIssue, type Issue } from '../../contract/issue'
import { configParsing } from '../../contract/parse'
import { atOnce, type Steps } from '../../contract/steps'
import type { Surroundings } from '../../contract/check'
import { maskIssues } from '../secrets'
import { jsonTextParsing } from './json-text'
import { withKnownLists } from '../../contract/known-lists'
import { migrate } from './migrations'

export type ReadDocument =
  | { readonly ok: true; readonly document: ConfigDocument; readonly config: Config; readonly migrated: boolean }
  | {
      readonly ok: false
      readonly why: 'damaged' | 'newer' | 'invalid'
      readonly issues: readonly Issue[]
      readonly lines: readonly string[]
    }

/** So many issues are told with their line: each is looked for from the text’s beginning. */
const LOCATED = 50

/**
 * Makes a document of a file's text, or says what is wrong: `issues` by JSON path (or line and column), `lines` with both.
 * `stored`: it is the store itself, where a mask is no secret; in a file to import it stands for one.
 */
export function readDocument(text: string, surroundings?: Surroundings, stored = false): ReadDocument {
  return atOnce(documentReading(text, surroundings, stored))
}

/** The same as work in steps. `known`: a document whose lists are taken over where they say the same. */
export function* documentReading(text: string, surroundings?: Surroundings, stored = false, known?: ConfigDocument): Steps<ReadDocument> {
  const json = yield* jsonTextParsing(text)
  if (!json.ok) return { ok: false, why: 'damaged', issues: [json.issue], lines: [formatIssue(json.issue)] }
  const migrated = migrate(json.value)
  if (migrated.kind === 'newer') {
    const issue = {
      path: 'version',
      message: `this file has version ${migrated.version} of the format, this AstroRelay knows up to ${FORMAT_VERSION}; install a newer AstroRelay`,
    }
    return { ok: false, why: 'newer', issues: [issue], lines: [formatIssue(issue)] }
  }
  const document = known === undefined ? migrated.document : yield* withKnownLists(migrated.document, known)
  const parsed = yield* configParsing(document, surroundings)
  const masks = parsed.ok && stored ? maskIssues(parsed.document) : []
  if (masks.length > 0)
    return { ok: false, why: 'invalid', issues: masks, lines: masks.map((issue) => withLine(issue, json.lineOf(issue.path))) }
  if (parsed.ok) return { ok: true, document: parsed.document, config: parsed.config, migrated: migrated.kind === 'migrated' }
  const lines: string[] = []
  for (const issue of parsed.issues) {
    yield
    lines.push(withLine(issue, lines.length < LOCATED ? json.lineOf(issue.path) : null))
  }
  return { ok: false, why: 'invalid', issues: parsed.issues, lines }
}

function withLine(issue: Issue, line: number | null): string {
  return line === null ? formatIssue(issue) : `line ${line}, ${formatIssue(issue)}`
}
