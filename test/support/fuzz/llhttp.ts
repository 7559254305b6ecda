import { createRequire } from 'node:module'
import type { Reading, ReadMessage, Sample } from './reading'

type Callback = (...args: unknown[]) => number | undefined

interface NodeParser {
  initialize(type: number, resource: object, maxHeaderSize: number, lenientFlags: number): void
  execute(bytes: Buffer): number | (Error & { code: string; reason?: string })
  finish(): (Error & { code: string }) | undefined
  free(): void
  [slot: number]: Callback
}

interface NodeParserClass {
  new (): NodeParser
  readonly REQUEST: number
  readonly RESPONSE: number
  readonly kLenientNone: number
  readonly kOnMessageBegin: number
  readonly kOnHeaders: number
  readonly kOnHeadersComplete: number
  readonly kOnBody: number
  readonly kOnMessageComplete: number
}

interface Draft extends ReadMessage {
  start: string
  fields: [string, string][]
  body: string
  trailers: [string, string][]
  complete: boolean
}

// Node's own parser, llhttp, without Node's server around it: the one place where its binding can be had without a flag.
const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as {
  HTTPParser: NodeParserClass
  methods: readonly string[]
}

/** The methods llhttp knows; RFC 9110 §9.1 allows any token. */
export const llhttpMethods: ReadonlySet<string> = new Set(methods)

const HEAD_LIMIT = 65_536
const SKIP_BODY = 1
const parser = new HTTPParser()

/** What llhttp, strict, makes of a sample. */
export function readWithLlhttp(sample: Sample): Reading {
  const messages: Draft[] = []
  let current: Draft | undefined
  let headDone = false
  let target = ''
  let upgraded = false

  parser.initialize(sample.kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, HEAD_LIMIT, HTTPParser.kLenientNone)
  parser[HTTPParser.kOnMessageBegin] = () => {
    current = { start: '', fields: [], body: '', trailers: [], complete: false }
    headDone = false
    target = ''
    return 0
  }
  parser[HTTPParser.kOnHeaders] = (fields, url) => {
    current?.[headDone ? 'trailers' : 'fields'].push(...pairs(fields))
    if (!headDone) target += textOf(url)
    return 0
  }
  parser[HTTPParser.kOnHeadersComplete] = (major, minor, fields, method, url, status, _reason, upgrade) => {
    if (current === undefined) return 0
    const version = `HTTP/${String(major)}.${String(minor)}`
    current.fields.push(...pairs(fields))
    current.start =
      sample.kind === 'request' ? `${methods[Number(method)] ?? ''} ${target}${textOf(url)} ${version}` : `${String(status)} ${version}`
    headDone = true
    upgraded = upgrade === true
    messages.push(current)
    return sample.kind === 'response' && (sample.answers === 'HEAD' || isBodiless(Number(status))) ? SKIP_BODY : 0
  }
  parser[HTTPParser.kOnBody] = (chunk) => {
    if (current && Buffer.isBuffer(chunk)) current.body += chunk.toString('latin1')
    return 0
  }
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (current) current.complete = true
    return 0
  }
  const result = parser.execute(sample.bytes)
  const failure = typeof result === 'number' ? (sample.ends && !upgraded ? parser.finish() : undefined) : result
  if (failure === undefined) return { messages, end: upgraded ? 'stopped' : 'open', reason: '' }
  return { messages, end: failure.code === 'HPE_CLOSED_CONNECTION' ? 'stopped' : 'error', reason: failure.code }
}

/** A flat list of names and values in pairs. */
function pairs(flat: unknown): [string, string][] {
  const list = Array.isArray(flat) ? flat.map(String) : []
  return Array.from({ length: list.length / 2 }, (_, n) => [(list[2 * n] ?? '').toLowerCase(), trimmed(list[2 * n + 1] ?? '')])
}

/** A target comes with the last fields or not at all. */
function textOf(url: unknown): string {
  return typeof url === 'string' ? url : ''
}

/** llhttp leaves it to its caller that these have no body whatever their fields say (RFC 9112 §6.3). */
function isBodiless(status: number): boolean {
  return (status < 200 && status !== 101) || status === 204 || status === 304
}

/** Without the white space that may surround a value (RFC 9110 §5.5). */
function trimmed(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, '')
}
