/** What a parser understood of one message, in words that two parsers can be compared by. */
export interface ReadMessage {
  /** "GET /path HTTP/1.1" or "200 HTTP/1.1". */
  readonly start: string
  /** Names in lower case, values without surrounding white space; bytes as latin1. */
  readonly fields: readonly (readonly [string, string])[]
  /** The body as far as it came, without its framing, latin1. */
  readonly body: string
  readonly trailers: readonly (readonly [string, string])[]
  readonly complete: boolean
}

/** What a parser made of a run of bytes. */
export interface Reading {
  readonly messages: readonly ReadMessage[]
  /** `open`: everything so far is fine, more may come · `error`: refused · `stopped`: what follows is not HTTP's (upgrade, close). */
  readonly end: 'open' | 'error' | 'stopped'
  readonly reason: string
}

/** A run of bytes as a client or a backend may send it. */
export interface Sample {
  readonly kind: 'request' | 'response'
  readonly bytes: Buffer
  /** The method of the request that a response answers: none of a HEAD's answers has a body. */
  readonly answers: 'GET' | 'HEAD'
  /** The connection ends after the last byte. */
  readonly ends: boolean
  /** Nothing was twisted: every parser must take it. */
  readonly valid: boolean
}
