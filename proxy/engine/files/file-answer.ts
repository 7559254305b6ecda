import type { FileHandle } from 'node:fs/promises'
import fresh from 'fresh'
import mime from 'mime'
import parseRange from 'range-parser'
import { headerValues, type HeaderList } from '../http/header-list'
import type { FoundFile } from './find-file'

/** The part of a file that an answer carries, from `start` to before `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** An answer without its body. */
export interface FileHead {
  readonly status: 200 | 206 | 304 | 412 | 416
  readonly fields: readonly string[]
  readonly span: Span
}

/** A file, and how it is answered to a request. */
export interface FileAnswer extends FileHead {
  readonly handle: FileHandle
}

const EMPTY: Span = { start: 0, end: 0 }

/** The head of the answer to a GET or HEAD of a file, by its conditions (RFC 9110 §13) and ranges (§14). `fields`: the request's. */
export function fileHead(file: FoundFile, fields: HeaderList): FileHead {
  const etag = `"${file.size.toString(16)}-${file.modified.getTime().toString(16)}${file.encoding === null ? '' : `-${file.encoding}`}"`
  const lastModified = new Date(Math.floor(file.modified.getTime() / 1_000) * 1_000).toUTCString()
  const validators = ['ETag', etag, 'Last-Modified', lastModified, ...(file.varies ? ['Vary', 'Accept-Encoding'] : [])]
  const one = (name: string): string | undefined => headerValues(fields, name)[0]
  const match = headerValues(fields, 'if-match').join()
  const unmodified = one('if-unmodified-since')
  if (match !== '' ? !isAmong(match, etag) : unmodified !== undefined && Date.parse(lastModified) > Date.parse(unmodified)) return { status: 412, fields: ['Content-Length', '0'], span: EMPTY }
  const noneMatch = headerValues(fields, 'if-none-match').join()
  const conditions = { ...(noneMatch === '' ? {} : { 'if-none-match': noneMatch }), 'if-modified-since': one('if-modified-since') }
  if (fresh(conditions, { etag, 'last-modified': lastModified })) return { status: 304, fields: validators, span: EMPTY }
  const about = ['Content-Type', typeOf(file.name), 'X-Content-Type-Options', 'nosniff', ...(file.encoding === null ? [] : ['Content-Encoding', file.encoding]), 'Accept-Ranges', 'bytes', ...validators]
  const range = rangeOf(file.size, one('range'), one('if-range'), etag, lastModified)
  if (range === 'none-fits') return { status: 416, fields: ['Content-Range', `bytes */${file.size}`, 'Content-Length', '0'], span: EMPTY }
  if (range === null) return { status: 200, fields: [...about, 'Content-Length', String(file.size)], span: { start: 0, end: file.size } }
  return { status: 206, fields: [...about, 'Content-Range', `bytes ${range.start}-${range.end - 1}/${file.size}`, 'Content-Length', String(range.end - range.start)], span: range }
}

/** Media type with the character set for text: what is hosted today is UTF-8. */
function typeOf(name: string): string {
  const type = mime.getType(name) ?? 'application/octet-stream'
  return /^text\/|^application\/(?:javascript|json|manifest\+json|xml)$|\+xml$/.test(type) ? `${type}; charset=utf-8` : type
}

/** One range; several are answered by the whole (RFC 9110 §14.2 lets a server ignore the field), as is one that holds for another version. */
function rangeOf(size: number, range: string | undefined, condition: string | undefined, etag: string, lastModified: string): Span | 'none-fits' | null {
  if (range === undefined || !/^bytes=/i.test(range)) return null
  if (condition !== undefined && condition !== etag && condition !== lastModified) return null
  const ranges = parseRange(size, range, { combine: true })
  if (ranges === -1) return 'none-fits'
  const [first] = ranges === -2 ? [] : ranges
  return first === undefined || (ranges !== -2 && ranges.length > 1) ? null : { start: first.start, end: first.end + 1 }
}

/** Strong comparison (RFC 9110 §13.1.1). */
function isAmong(list: string, etag: string): boolean {
  return list.split(',').some((item) => item.trim() === '*' || item.trim() === etag)
}

/** Which encodings a client takes (RFC 9110 §12.5.3). */
export function encodings(accept: string): { readonly br: boolean; readonly gzip: boolean } {
  const takes = (name: string): boolean => accept.toLowerCase().split(',').some((item) => {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim())
    return coding === name && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
  })
  return { br: takes('br'), gzip: takes('gzip') || takes('x-gzip') }
}
