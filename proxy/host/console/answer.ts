import type { IncomingMessage, ServerResponse } from 'node:http'
import { ERRORS } from '../../contract/errors'
import { CallError, type Failure } from '../../contract/failure'
import { parseJson } from '../../contract/json'
import { inSlices } from '../../system/slices'
import { documentTextSteps, holdsLong, LONG_TEXT } from '../store/document-text'
import { jsonTextParsing } from '../store/json-text'

/** On every answer: nothing is kept, guessed, framed, or told to other sites. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // The page has a policy of its own, see static-files.ts; whatever else a browser is made to show does nothing.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
}

/** A large configuration fits; a flood does not. */
export const BODY_LIMIT = 32 * 1024 * 1024

export function answerJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  answerText(response, status, `${JSON.stringify(body)}\n`, 'application/json; charset=utf-8', headers)
}

export function answerText(
  response: ServerResponse,
  status: number,
  text: string,
  type: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...SAFE_HEADERS, 'content-type': type, 'content-length': String(Buffer.byteLength(text)), ...headers })
  response.end(text)
}

/** A refused configuration is the bare list of what is wrong; everything else `{error: {code, message}}`. */
export function answerFailure(response: ServerResponse, failure: Failure, headers: Readonly<Record<string, string>> = {}): void {
  const { status } = ERRORS[failure.code]
  if (failure.code === 'AR_INVALID' && failure.issues) return answerJson(response, status, failure.issues, headers)
  answerJson(
    response,
    status,
    { error: { code: failure.code, message: failure.message, ...(failure.revision === undefined ? {} : { revision: failure.revision }) } },
    headers,
  )
}

/** 405 with what may be used instead: "GET, PUT". */
export function refuseMethod(response: ServerResponse, allow: string): void {
  answerFailure(response, { code: 'AR_METHOD_REFUSED', message: `Use ${allow} here.` }, { allow })
}

/** The request's whole body; fails with AR_BODY_TOO_LARGE beyond the limit. */
export async function readBody(request: IncomingMessage, limit: number = BODY_LIMIT): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  const stream: AsyncIterable<Buffer> = request
  for await (const chunk of stream) {
    size += chunk.length
    if (size > limit) throw new CallError('AR_BODY_TOO_LARGE', `The request is larger than ${Math.round(limit / 1024)} KB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The same in slices where the body holds a long list. */
export async function answerAnyJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (!holdsLong(body)) return answerJson(response, status, body, headers)
  answerText(response, status, await inSlices(documentTextSteps(body)), 'application/json; charset=utf-8', headers)
}

async function longJson(text: string): Promise<unknown> {
  const json = await inSlices(jsonTextParsing(text))
  if (json.ok) return json.value
  const issue = { path: '', message: `the body is not JSON: ${json.issue.path}: ${json.issue.message}` }
  throw new CallError('AR_INVALID', 'The body is not JSON.', { issues: [issue] })
}

/** A JSON body; an empty one is undefined. */
export async function readJson(request: IncomingMessage, limit?: number): Promise<unknown> {
  const text = await readBody(request, limit)
  if (text.length > LONG_TEXT) return longJson(text)
  if (text.trim() === '') return undefined
  try {
    return parseJson(text)
  } catch (error) {
    throw new CallError('AR_INVALID', 'The body is not JSON.', {
      issues: [{ path: '', message: `the body is not JSON${placeOf(error)}` }],
    })
  }
}

/** Where an error of `JSON.parse` is. Its words may quote what stands around that place, and a secret with it. */
function placeOf(error: unknown): string {
  const at = error instanceof SyntaxError ? /^[^"]*\bat (position \d+)/.exec(error.message)?.[1] : undefined
  return at === undefined ? '; texts and keys stand in double quotes, and what was opened is closed again' : `: something is wrong at ${at}`
}
