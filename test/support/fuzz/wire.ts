import { parseAuthority } from '../../../proxy/engine/http/authority'
import { BodyReader } from '../../../proxy/engine/http/wire/body-reader'
import type { FieldLines, Framing } from '../../../proxy/engine/http/wire/field-lines'
import { findBadByte, findHeadEnd, findLooseHeadEnd } from '../../../proxy/engine/http/wire/head-end'
import { parseRequestHead } from '../../../proxy/engine/http/wire/request-head-parser'
import { parseLooseResponseHead, parseResponseHead } from '../../../proxy/engine/http/wire/response-head-parser'
import type { Reading, ReadMessage, Sample } from './reading'

interface Head {
  readonly start: string
  readonly lines: FieldLines
  readonly framing: Framing
  readonly length: number
  /** Whether another message may follow on this connection. */
  readonly goesOn: boolean
}

const CR = 0x0d
const LF = 0x0a
const readers = { request: new BodyReader('client'), response: new BodyReader('backend') }

/** What the engine's own parsers make of a sample; bodies are pushed in pieces as long as `pieces` says. */
export function readWithWire({ kind, bytes, answers, ends }: Sample, pieces: () => number): Reading {
  const messages: ReadMessage[] = []
  let at = 0
  for (;;) {
    // Empty lines before a request are skipped (RFC 9112 §2.2).
    if (kind === 'request') while (bytes[at] === CR && bytes[at + 1] === LF) at += 2
    if (at >= bytes.length) return { messages, end: 'open', reason: '' }
    const loose = kind === 'response'
    const strictEnd = findHeadEnd(bytes, at, bytes.length)
    const headEnd = loose ? findLooseHeadEnd(bytes, at, at, bytes.length) : strictEnd
    if (headEnd === -1) {
      const bad = findBadByte(bytes, at, at, bytes.length, loose) !== -1 || (loose && !startsAsAnswer(bytes, at))
      return bad ? refused(messages, 'no head') : { messages, end: 'open', reason: '' }
    }
    const head = kind === 'request' ? requestHead(bytes, at, headEnd) : responseHead(bytes, at, headEnd, strictEnd, answers)
    if (typeof head === 'string') return refused(messages, head)
    const body = readBody(readers[kind], bytes, headEnd, head, ends, pieces)
    messages.push({
      start: head.start,
      fields: pairs(head.lines.fields),
      body: body.text,
      trailers: pairs(body.trailers),
      complete: body.complete,
    })
    if (body.bad) return refused(messages, 'the chunked body')
    if (!body.complete) return { messages, end: 'open', reason: '' }
    if (!head.goesOn) return { messages, end: 'stopped', reason: '' }
    at = body.end
  }
}

function requestHead(bytes: Buffer, start: number, end: number): Head | string {
  const head = parseRequestHead(bytes, start, end)
  if (!head.ok) return head.reason
  if (!isTargetForm(head.target)) return 'the form of the target'
  return {
    start: `${head.method} ${head.target} HTTP/1.${head.minor}`,
    lines: head.lines,
    framing: head.body,
    length: head.length,
    goesOn: head.keepAlive && head.method !== 'CONNECT',
  }
}

/** The wire leaves the target's form to the receive phase, which takes three (RFC 9112 §3.2); CONNECT's is refused. */
export function isTargetForm(target: string): boolean {
  const absolute = /^https?:\/\/([^/?#]*)/i.exec(target)
  return absolute === null ? target.startsWith('/') || target === '*' : parseAuthority(absolute[1] ?? '') !== null
}

function startsAsAnswer(bytes: Buffer, at: number): boolean {
  const text = bytes.toString('latin1', at, at + 7)
  return 'HTTP/1.'.startsWith(text)
}

function responseHead(bytes: Buffer, start: number, end: number, strictEnd: number, answers: Sample['answers']): Head | string {
  const head = (strictEnd === end ? parseResponseHead(bytes, start, end) : null) ?? parseLooseResponseHead(bytes, start, end)
  if (!head.ok) return head.reason
  const { status, minor, lines, keepAlive } = head
  // RFC 9112 §6.3: these have no body, whatever their fields say.
  const bodiless = answers === 'HEAD' || status < 200 || status === 204 || status === 304
  const interim = status < 200 && status !== 101
  return {
    start: `${status} HTTP/1.${minor}`,
    lines,
    framing: bodiless ? 'none' : head.body,
    length: head.length,
    goesOn: interim || (keepAlive && status !== 101 && (bodiless || head.body !== 'close')),
  }
}

interface Body {
  readonly text: string
  readonly trailers: readonly string[]
  readonly end: number
  readonly complete: boolean
  readonly bad: boolean
}

function readBody(reader: BodyReader, bytes: Buffer, start: number, { framing, length }: Head, ends: boolean, pieces: () => number): Body {
  if (framing === 'none' || (framing === 'length' && length === 0))
    return { text: '', trailers: [], end: start, complete: true, bad: false }
  reader.begin(framing, length)
  let text = ''
  for (let at = start; at < bytes.length;) {
    const end = Math.min(bytes.length, at + pieces())
    const state = reader.push(bytes, at, end)
    for (let n = 0; n < reader.ranges.length; n += 2) text += bytes.toString('latin1', reader.ranges[n], reader.ranges[n + 1])
    if (state !== 'more') return { text, trailers: reader.trailers, end: reader.position, complete: state === 'done', bad: state === 'bad' }
    at = end
  }
  return { text, trailers: [], end: bytes.length, complete: framing === 'close' && ends, bad: false }
}

export function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, n) => [(flat[2 * n] ?? '').toLowerCase(), flat[2 * n + 1] ?? ''])
}

function refused(messages: readonly ReadMessage[], reason: string): Reading {
  // Without the line: reasons are counted.
  return { messages, end: 'error', reason: reason.replace(/^line \d+, “[^”]*”: /, '') }
}
