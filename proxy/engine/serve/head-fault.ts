import { describeBadByte } from '../http/wire/head-end'
import { BAD_REQUEST_LINE } from '../http/wire/request-head-parser'
import { sizeText } from '../../contract/config/scalars'
import { isLineTooLong } from '../http/wire/glimpse'

/** Why what a client sent is no request. `version`: HTTP, but not a version spoken here; `too-long`: its first line alone is over the limit. */
export interface HeadFault {
  readonly kind: 'malformed' | 'version' | 'too-long' | 'too-large' | 'too-slow'
  /** For the log. */
  readonly reason: string
}

/** A head of more than `limit` bytes. */
export function overLimit(buffer: Buffer, start: number, last: number, limit: number): HeadFault {
  const setting = `${sizeText(limit)}: settings.limits.headerBytes says how large a head may be`
  return isLineTooLong(buffer, start, last, limit)
    ? { kind: 'too-long', reason: `the request line alone is over ${setting}` }
    : { kind: 'too-large', reason: `the head is over ${setting}` }
}

/** What came cannot become a head any more, for its byte `bad`. */
export function badByte(buffer: Buffer, start: number, bad: number, last: number): HeadFault {
  return { kind: 'malformed', reason: describeBadByte(buffer, start, bad, last, BAD_REQUEST_LINE) }
}
