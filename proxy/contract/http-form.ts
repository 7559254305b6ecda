import { z } from 'zod'
import type { HttpForm } from './calls/http-call'
import { type ControlCallName, controlApi, errorAnswerSchema } from './control-api'
import { errorCodeSchema } from './errors'
import { CallError } from './failure'
import { issueSchema } from './issue'
import { parseJson } from './json'
import { notUnderstood } from './result'

/** Below this path of the console lies the automation API. */
export const API_BASE = '/api/v1'

/** A call as an HTTP client sends it, but for the bearer token. */
export interface HttpRequest {
  /** From `/api/v1` on, with the query. */
  readonly target: string
  readonly method: HttpForm['method']
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** What of an HTTP answer a call's result is read from. */
export interface HttpAnswer {
  readonly status: number
  readonly etag: string | null
  readonly text: string
}

/** How a call with these parameters looks over HTTP, as its form has it. */
export function toHttpRequest(name: ControlCallName, params: Readonly<Record<string, unknown>>): HttpRequest {
  const form: HttpForm = controlApi[name].http
  const rest = new Map(Object.entries(params).filter(([, value]) => value !== undefined))
  const path = form.path.replace(/\{(\w+)\}/g, (_all, key: string) => encodeURIComponent(plain(take(rest, key))))
  const headers: Record<string, string> = {}
  if (form.ifMatch !== undefined && rest.has(form.ifMatch)) headers['if-match'] = entityTag(plain(take(rest, form.ifMatch)))
  const body = bodyOf(form, rest)
  if (body !== null) headers['content-type'] = 'application/json'
  const query = [...rest].map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(plain(value))}`).join('&')
  return { target: `${API_BASE}${path}${query === '' ? '' : `?${query}`}`, method: form.method, headers, body }
}

/** The call's result out of an answer, not yet parsed by its schema. Throws the CallError that a refusal stands for, or that of an answer which is not JSON. */
export function fromHttpAnswer(name: ControlCallName, answer: HttpAnswer): unknown {
  if (answer.status < 200 || answer.status > 299) throw refusal(answer)
  const form: HttpForm = controlApi[name].http
  if (form.text !== undefined) return answer.text
  const body = tryJson(answer.text)
  if (body === undefined) throw notUnderstood(name)
  const tag = form.etag === undefined ? {} : { [form.etag]: fromEntityTag(answer.etag ?? '') }
  if (form.answer !== undefined) return { [form.answer]: body, ...tag }
  return form.etag === undefined ? body : { ...z.record(z.string(), z.unknown()).catch({}).parse(body), ...tag }
}

/** A revision as `ETag` and `If-Match` carry it (RFC 9110 §8.8.3). */
export function entityTag(revision: string): string {
  return `"${revision}"`
}

/** The bare revision: `"12"`, `12` and a weak `W/"12"` are the same. */
export function fromEntityTag(tag: string): string {
  return tag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1')
}

/** Takes what travels in the body out of `rest`; null for a call without one. */
function bodyOf(form: HttpForm, rest: Map<string, unknown>): string | null {
  if (form.body !== undefined) return JSON.stringify(take(rest, form.body) ?? null)
  if (form.method === 'GET') return null
  const body = JSON.stringify(Object.fromEntries(rest))
  rest.clear()
  return body
}

function refusal({ status, text }: HttpAnswer): CallError {
  const body = tryJson(text)
  const issues = z.array(issueSchema).safeParse(body)
  if (issues.success) return new CallError('AR_INVALID', issues.data[0]?.message ?? 'This is not valid.', { issues: issues.data })
  const failure = errorAnswerSchema.safeParse(body)
  if (!failure.success) return new CallError(status === 401 ? 'AR_UNAUTHORIZED' : 'AR_INTERNAL', `AstroRelay answered ${status}.`)
  const { code, message, revision } = failure.data.error
  return new CallError(errorCodeSchema.catch('AR_INTERNAL').parse(code), message, revision === undefined ? {} : { revision })
}

function tryJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined // cut off, or a page of something in between
  }
}

function take(rest: Map<string, unknown>, key: string): unknown {
  const value = rest.get(key)
  rest.delete(key)
  return value
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}
