import type { Surroundings } from '../../../../proxy/contract/check'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import type { Issue } from '../../../../proxy/contract/issue'
import { parseConfig } from '../../../../proxy/contract/parse'
import { asSentence } from '../../../lib/format'
import { buildCandidate, type Candidate } from './candidate'
import type { ServiceDraft } from './draft'
import { fieldOf, inOrder, type Problem } from './fields'
import { formRules, warnings } from './form-rules'
import { mend, mendListeners } from './mend'
import { normalise } from './typed-address'

export interface CheckContext {
  readonly document: ConfigDocument
  /** The service that is edited; null: a new one. */
  readonly id: string | null
  readonly surroundings: Surroundings
}

/**
 * What is wrong with the form: the schema's own findings about the whole document as it would be saved, at the fields they
 * belong to, and the rules that only a form has. One message a field, in the order of the screen.
 */
export function checkDraft(typed: ServiceDraft, context: CheckContext): Problem[] {
  const draft = normalise(typed)
  const own = [...formRules(draft, context), ...warnings(draft)]
  const said = new Set(own.filter(({ level }) => level === 'error').map(({ field }) => field))
  const problems: Problem[] = []
  for (const problem of [...own, ...schemaProblems(draft, context)]) {
    const again = problems.some(({ field, level }) => field === problem.field && level === problem.level)
    if (!again && !(problem.level === 'warning' && said.has(problem.field))) problems.push(problem)
  }
  return inOrder(problems)
}

function schemaProblems(draft: ServiceDraft, { document, id, surroundings }: CheckContext): Problem[] {
  const candidate = lastInLine(buildCandidate(document, draft, id))
  const at = (candidate.document.services ?? []).length - 1
  const parsed = parseConfig(candidate.document, surroundings)
  if (parsed.ok) return []
  const services = (candidate.document.services ?? []).with(at, mend(candidate.service, parsed.issues, `services[${at}]`))
  const mended = parseConfig({ ...candidate.document, services, listeners: mendListeners(candidate, parsed.issues) }, surroundings)
  const issues = [...parsed.issues, ...(mended.ok ? [] : mended.issues)]
  return issues.map((issue) => problemOf(issue, at, draft, candidate))
}

/** With the form's service last, a clash is always found at it and names the other one. */
function lastInLine(candidate: Candidate): Candidate {
  const others = (candidate.document.services ?? []).filter((service) => service !== candidate.service)
  return { ...candidate, document: { ...candidate.document, services: [...others, candidate.service] } }
}

function problemOf({ path, message }: Issue, at: number, draft: ServiceDraft, { document, newListener }: Candidate): Problem {
  const prefix = `services[${at}]`
  if (path.startsWith(prefix)) return { field: fieldOf(path.slice(prefix.length + 1), draft), level: 'error', message: asSentence(message) }
  if (newListener !== null && /^listeners\[\d+\]/.test(path)) return { field: 'port', level: 'error', message: asSentence(message) }
  const other = /^services\[(\d+)\]\.backends\[\d+\]\.url$/.exec(path)
  const owner = other ? document.services?.[Number(other[1])] : undefined
  if (newListener !== null && owner) {
    return {
      field: 'port',
      level: 'error',
      message: `“${owner.name ?? owner.id}” gets its pages from port ${newListener.port} on this machine. Choose another port.`,
    }
  }
  return { field: 'form', level: 'error', message: asSentence(path === '' ? message : `${path}: ${message}`) }
}
