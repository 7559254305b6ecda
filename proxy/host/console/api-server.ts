import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handlers } from '../../contract/api'
import type { HttpForm } from '../../contract/calls/http-call'
import { controlApi, type ControlApi } from '../../contract/control-api'
import { CallError } from '../../contract/failure'
import { API_BASE, entityTag, fromEntityTag } from '../../contract/http-form'
import { invoke } from '../../contract/rpc/server'
import { answerAnyJson, answerText, readJson, refuseMethod } from './answer'
import { matchRoute } from './routes'

/** Answers one request of the automation API; `path` is what follows `/api/v1`. Failures are thrown. */
export async function serveApi(
  request: IncomingMessage,
  response: ServerResponse,
  url: { readonly path: string; readonly query: URLSearchParams },
  handlers: Handlers<ControlApi>,
): Promise<void> {
  const match = matchRoute(request.method ?? 'GET', url.path)
  if (match.kind === 'none') throw new CallError('AR_NOT_FOUND', `There is no call ${request.method} ${API_BASE}${url.path.slice(0, 100)}.`)
  if (match.kind === 'wrong-method') return refuseMethod(response, match.allow)
  const { form, name } = match.route
  const params = { ...(await freeParameters(request, url.query, form)), ...match.parameters, ...ifMatch(request, form) }
  await answer(response, form, await invoke(controlApi, handlers, name, params))
}

/** Parameters that are not in the path: the query of a GET; the body of anything else, or one of them the body and the others the query. */
async function freeParameters(request: IncomingMessage, query: URLSearchParams, form: HttpForm): Promise<Record<string, unknown>> {
  const fromQuery = Object.fromEntries(query)
  if (form.method === 'GET') return fromQuery
  const body = await readJson(request)
  if (form.body !== undefined) return { ...fromQuery, [form.body]: body ?? null }
  if (body === undefined) return {}
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new CallError('AR_INVALID', 'The body is no object.', { issues: [{ path: '', message: 'write an object { … } as the body' }] })
  return Object.fromEntries(Object.entries(body))
}

/** The condition as a bare revision: `"12"`, `12` and a weak `W/"12"` are the same, and `*` is none. */
function ifMatch(request: IncomingMessage, form: HttpForm): Record<string, string> {
  const value = request.headers['if-match']?.trim()
  return form.ifMatch === undefined || value === undefined || value === '*' ? {} : { [form.ifMatch]: fromEntityTag(value) }
}

async function answer(response: ServerResponse, form: HttpForm, result: unknown): Promise<void> {
  const etag = form.etag === undefined ? undefined : keyOf(result, form.etag)
  const headers: Record<string, string> = typeof etag === 'string' ? { etag: entityTag(etag) } : {}
  if (form.text !== undefined) return answerText(response, 200, String(result), form.text, headers)
  await answerAnyJson(response, 200, form.answer === undefined ? result : keyOf(result, form.answer), headers)
}

function keyOf(result: unknown, key: string): unknown {
  return typeof result === 'object' && result !== null ? Object.entries(result).find(([name]) => name === key)?.[1] : undefined
}
