/** A request as a strict program reads it (RFC 9112), with nothing guessed. */
export interface StrictRequest {
  readonly method: string
  readonly target: string
  readonly fields: ReadonlyMap<string, readonly string[]>
  readonly body: string
  readonly length: number
}

export type StrictReading =
  | { readonly kind: 'request'; readonly request: StrictRequest }
  | { readonly kind: 'partial' }
  | { readonly kind: 'violation'; readonly reason: string }

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP\/1\.[01]$/
const FIELD_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?[ \t]*$/
const CHUNK_LINE = /^([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/
const PARTIAL: StrictReading = { kind: 'partial' }

/** Reads the first request of some bytes (latin1); whatever the grammar does not allow is a violation. */
export function readStrictly(bytes: string): StrictReading {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return /[\0\v]|\n\n|[^\r]\n|\r[^\n]/.test(bytes) ? violation('a bare line end or control character in the head') : PARTIAL
  const [start = '', ...lines] = bytes.slice(0, end).split('\r\n')
  const line = REQUEST_LINE.exec(start)
  if (line === null) return violation(`the request line ${JSON.stringify(start)}`)
  const fields = new Map<string, string[]>()
  for (const text of lines) {
    const field = FIELD_LINE.exec(text)
    if (field === null) return violation(`the field line ${JSON.stringify(text)}`)
    const name = (field[1] ?? '').toLowerCase()
    fields.set(name, [...(fields.get(name) ?? []), field[2] ?? ''])
  }
  if (fields.get('host')?.length !== 1) return violation('not one Host')
  const framed = readBody(bytes.slice(end + 4), fields)
  if (typeof framed === 'string') return framed === '' ? PARTIAL : violation(framed)
  return {
    kind: 'request',
    request: { method: line[1] ?? '', target: line[2] ?? '', fields, body: framed.body, length: end + 4 + framed.length },
  }
}

/** The body and its length on the wire; '' where more bytes are needed; else what is wrong. */
function readBody(rest: string, fields: ReadonlyMap<string, readonly string[]>): { body: string; length: number } | string {
  const codings = fields.get('transfer-encoding')
  const lengths = fields.get('content-length')
  if (codings && lengths) return 'Transfer-Encoding with Content-Length'
  if (codings)
    return codings.length === 1 && codings[0]?.toLowerCase() === 'chunked' ? readChunks(rest) : `Transfer-Encoding: ${codings.join()}`
  if (lengths === undefined) return { body: '', length: 0 }
  const [text = ''] = lengths
  if (lengths.length !== 1 || !/^\d{1,15}$/.test(text)) return `Content-Length: ${lengths.join()}`
  const length = Number(text)
  return rest.length < length ? '' : { body: rest.slice(0, length), length }
}

function readChunks(rest: string): { body: string; length: number } | string {
  let body = ''
  for (let at = 0; ;) {
    const end = rest.indexOf('\r\n', at)
    if (end === -1) return ''
    const line = CHUNK_LINE.exec(rest.slice(at, end))
    if (line === null) return `the chunk line ${JSON.stringify(rest.slice(at, end))}`
    const size = Number.parseInt(line[1] ?? '', 16)
    if (size === 0) return readTrailers(rest, end + 2, body)
    if (rest.length < end + 2 + size + 2) return ''
    body += rest.slice(end + 2, end + 2 + size)
    at = end + 2 + size + 2
    if (rest.slice(at - 2, at) !== '\r\n') return 'a chunk that does not end where it said'
  }
}

function readTrailers(rest: string, start: number, body: string): { body: string; length: number } | string {
  for (let at = start; ;) {
    const end = rest.indexOf('\r\n', at)
    if (end === -1) return ''
    if (end === at) return { body, length: end + 2 }
    if (!FIELD_LINE.test(rest.slice(at, end))) return `the trailer ${JSON.stringify(rest.slice(at, end))}`
    at = end + 2
  }
}

function violation(reason: string): StrictReading {
  return { kind: 'violation', reason }
}
