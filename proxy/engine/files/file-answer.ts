import fresh from 'fresh'
import mime from 'mime'
import { headerValues, type HeaderList } from '../http/header-list'
import { byteRange, type Span } from './byte-range'
import type { FoundFile } from './find-file'

/** An answer without its body. */
export interface FileHead {
  readonly status: 200 | 206 | 304 | 412 | 416
  readonly fields: readonly string[]
  readonly span: Span
}

const EMPTY: Span = { start: 0, end: 0 }

/** The head of the answer to a GET or HEAD of a file, by its conditions (RFC 9110 §13) and ranges (§14). `fields`: the request's. */
export function fileHead(file: FoundFile, method: string, fields: HeaderList, now: number): FileHead {
  const etag = `"${file.size.toString(16)}-${file.version}${file.encoding === null ? '' : `-${file.encoding}`}"`
  const lastModified = lastModifiedOf(file.modified, now)
  const validators = ['ETag', etag, 'Last-Modified', lastModified, ...(file.vary.length === 0 ? [] : ['Vary', file.vary.join(', ')])]
  const one = (name: string): string | undefined => headerValues(fields, name)[0]
  const match = headerValues(fields, 'if-match').join()
  const unmodified = one('if-unmodified-since')
  if (match !== '' ? !isAmong(match, etag) : unmodified !== undefined && Date.parse(lastModified) > Date.parse(unmodified))
    return { status: 412, fields: ['Content-Length', '0'], span: EMPTY }
  const noneMatch = headerValues(fields, 'if-none-match').join()
  const conditions = { ...(noneMatch === '' ? {} : { 'if-none-match': noneMatch }), 'if-modified-since': one('if-modified-since') }
  if (fresh(conditions, { etag, 'last-modified': lastModified })) return { status: 304, fields: validators, span: EMPTY }
  const about = [
    'Content-Type',
    typeOf(file.name),
    'X-Content-Type-Options',
    'nosniff',
    ...(file.encoding === null ? [] : ['Content-Encoding', file.encoding]),
    'Accept-Ranges',
    'bytes',
    ...validators,
  ]
  const range = method === 'GET' ? rangeOf(file.size, one('range'), one('if-range'), etag, lastModified) : null
  if (range === 'none-fits') return { status: 416, fields: ['Content-Range', `bytes */${file.size}`, 'Content-Length', '0'], span: EMPTY }
  if (range === null) return { status: 200, fields: [...about, 'Content-Length', String(file.size)], span: { start: 0, end: file.size } }
  return {
    status: 206,
    fields: [
      ...about,
      'Content-Range',
      `bytes ${range.start}-${range.end - 1}/${file.size}`,
      'Content-Length',
      String(range.end - range.start),
    ],
    span: range,
  }
}

/** In whole seconds, and never later than the answer itself (RFC 9110 §8.8.2.1): a clock may have been wrong. */
function lastModifiedOf(modified: Date, now: number): string {
  const time = modified.getTime()
  return new Date(Math.floor((time <= now ? time : now) / 1_000) * 1_000).toUTCString()
}

/** Media type with the character set for text: what is hosted today is UTF-8. */
function typeOf(name: string): string {
  // With its slash it is read as a name: without, `html` would be an extension.
  const type = mime.getType(`/${name}`) ?? 'application/octet-stream'
  return /^text\/|^application\/(?:javascript|json|manifest\+json|xml)$|\+xml$/.test(type) ? `${type}; charset=utf-8` : type
}

/** A part is sent only of the version that the client has the rest of (RFC 9110 §13.1.5). */
function rangeOf(
  size: number,
  range: string | undefined,
  condition: string | undefined,
  etag: string,
  lastModified: string,
): Span | 'none-fits' | null {
  if (range === undefined || (condition !== undefined && condition !== etag && condition !== lastModified)) return null
  return byteRange(size, range)
}

/** Strong comparison (RFC 9110 §13.1.1). */
function isAmong(list: string, etag: string): boolean {
  return list.split(',').some((item) => item.trim() === '*' || item.trim() === etag)
}
