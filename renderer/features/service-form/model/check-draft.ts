import { parseBackendUrl } from '../../../../proxy/contract/backend-url'
import type { Surroundings } from '../../../../proxy/contract/check'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import type { Issue } from '../../../../proxy/contract/issue'
import { parseConfig } from '../../../../proxy/contract/parse'
import { asSentence } from '../../../lib/format'
import { toAsciiHost } from '../../../lib/idn'
import { buildCandidate, type Candidate } from './candidate'
import type { ServiceDraft } from './draft'
import { fieldOf, inOrder, type Problem } from './fields'
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
    return { field: 'port', level: 'error', message: `“${owner.name ?? owner.id}” gets its pages from port ${newListener.port} on this machine. Choose another port.` }
  }
  return { field: 'form', level: 'error', message: asSentence(path === '' ? message : `${path}: ${message}`) }
}

/** DESIGN §7: what the schema leaves open because a hand-written file may do it. */
function formRules(draft: ServiceDraft, { document, id }: CheckContext): Problem[] {
  const problems: Problem[] = []
  const error = (field: string, message: string): void => void problems.push({ field, level: 'error', message })
  if (draft.name === '') error('name', 'Give it a name, such as Office wiki.')
  const namesake = (document.services ?? []).find((service) => service.id !== id && (service.name ?? service.id).toLowerCase() === draft.name.toLowerCase())
  if (namesake && draft.name !== '') error('name', `There is already a service called “${namesake.name ?? namesake.id}”. Choose another name.`)
  for (const [at, host] of draft.hosts.entries()) {
    if (toAsciiHost(host) === null) error(`hosts.${at}`, `“${host}” is not a host name. Write one such as wiki.office.lan.`)
    else if (host !== '' && draft.hosts.findIndex((other) => other.toLowerCase() === host.toLowerCase()) < at) error(`hosts.${at}`, 'This name is already in the list. Remove one of the two.')
  }
  if (draft.port !== '' && !isPort(draft.port)) error('port', 'Write a port from 1 to 65535, or leave it empty.')
  problems.push(...backendRules(draft))
  for (const field of ['health.rise', 'health.fall'] as const) {
    if (!isWithin(draft.advanced[field], 10)) error(field, 'Write a whole number from 1 to 10.')
  }
  return problems
}

function backendRules(draft: ServiceDraft): Problem[] {
  const problems: Problem[] = []
  const seen = new Set<string>()
  for (const { key, url, weight } of draft.backends) {
    const field = `backends.${key}.url`
    const parsed = parseBackendUrl(url)
    const place = typeof parsed === 'string' ? null : `${parsed.host}:${parsed.port}`
    if (url === '') problems.push({ field, level: 'error', message: 'Enter the address of the program, such as 192.168.1.20:8080.' })
    else if (place !== null && seen.has(place)) problems.push({ field, level: 'error', message: `${place} is already in the list. Remove one of the two.` })
    if (place !== null) seen.add(place)
    if (weight.trim() === '' || !isWithin(weight, 100)) problems.push({ field: `backends.${key}.weight`, level: 'error', message: 'Write a whole number from 1 to 100.' })
  }
  return problems
}

function warnings(draft: ServiceDraft): Problem[] {
  if (draft.access !== 'anyone') return []
  return draft.hosts.flatMap((host, at) =>
    /\.(local|lan|internal|home\.arpa)\.?$/i.test(host) ? [{ field: `hosts.${at}`, level: 'warning' as const, message: 'Phones and browsers outside will not find this name.' }] : [],
  )
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
}

/** Empty stands for the default. */
function isWithin(text: string, max: number): boolean {
  const bare = text.trim()
  return bare === '' || (/^\d{1,3}$/.test(bare) && Number(bare) >= 1 && Number(bare) <= max)
}
