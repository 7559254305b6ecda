import type { Call } from '../api'

/**
 * How a call looks over HTTP, below `/api/v1`. Parameters named in the path go there; the rest are the query of a GET and
 * the JSON body of anything else.
 */
export interface HttpForm {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: `/${string}`
  /** The parameter that is the whole body. */
  readonly body?: string
  /** The parameter that travels as `If-Match`. */
  readonly ifMatch?: string
  /** The result's key that is the whole answer; without it the result is. */
  readonly answer?: string
  /** The result's key that travels as `ETag`. */
  readonly etag?: string
  /** The answer is text of this type instead of JSON. */
  readonly text?: string
}

/** A call that can be made over HTTP, too. */
export type HttpCall = Call & { readonly http: HttpForm }
