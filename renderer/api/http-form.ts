import { z } from 'zod'
import { type ControlCallName, controlApi, errorAnswerSchema, type HttpForm } from '../../proxy/contract/control-api'
import { errorCodeSchema } from '../../proxy/contract/errors'
import { CallError } from '../../proxy/contract/failure'
import { issueSchema } from '../../proxy/contract/issue'

export const API_BASE = '/api/v1'

/** A call as `fetch` takes it, without the session's key. */
export interface HttpRequest {
  readonly url: string
  readonly method: HttpForm['method']
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** How a call with these parameters looks over HTTP, as its form in the contract has it. */
export function toHttpRequest(name: ControlCallName, params: Readonly<Record<string, unknown>>): HttpRequest {
  const form: HttpForm = controlApi[name].http
  const rest = new Map(Object.entries(params).filter(([, value]) => value !== undefined))
  const path = form.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(take(rest, key)))
  const headers: Record<string, string> = {}
  if (form.ifMatch !== undefined && rest.has(form.ifMatch)) headers['If-Match'] = `"${take(rest, form.ifMatch)}"`
  let body: string | null = null
  if (form.body !== undefined) {
    body = JSON.stringify(rest.get(form.body))
    rest.delete(form.body)
  } else if (form.method !== 'GET') {
    body = JSON.stringify(Object.fromEntries(rest))
    rest.clear()
  }
  if (body !== null) headers['Content-Type'] = 'application/json'
  const query = new URLSearchParams([...rest].map(([key, value]): [string, string] => [key, String(value)])).toString()
  return { url: `${API_BASE}${path}${query === '' ? '' : `?${query}`}`, method: form.method, headers, body }
}

/** The call's result out of an answer, not yet parsed by its schema. Rejects with the CallError that the answer stands for. */
export async function readHttpAnswer(name: ControlCallName, answer: Response): Promise<unknown> {
  if (!answer.ok) throw await toCallError(answer)
  const form: HttpForm = controlApi[name].http
  if (form.text !== undefined) return answer.text()
  const body: unknown = await answer.json()
  if (form.etag === undefined) return body
  const tag = (answer.headers.get('etag') ?? '').replace(/^(?:W\/)?"(.*)"$/, '$1')
  return form.answer === undefined ? { ...asRecord(body), [form.etag]: tag } : { [form.answer]: body, [form.etag]: tag }
}

async function toCallError(answer: Response): Promise<CallError> {
  const body: unknown = await answer.json().catch(() => null)
  const issues = z.array(issueSchema).safeParse(body)
  if (issues.success) return new CallError('AR_INVALID', issues.data[0]?.message ?? 'This is not valid.', { issues: issues.data })
  const failure = errorAnswerSchema.safeParse(body)
  if (!failure.success) return new CallError(answer.status === 401 ? 'AR_UNAUTHORIZED' : 'AR_INTERNAL', `AstroRelay answered ${answer.status}.`)
  const { code, message, revision } = failure.data.error
  return new CallError(errorCodeSchema.catch('AR_INTERNAL').parse(code), message, revision === undefined ? {} : { revision })
}

function take(rest: Map<string, unknown>, key: string): string {
  const value = rest.get(key)
  rest.delete(key)
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

function asRecord(body: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).catch({}).parse(body)
}
