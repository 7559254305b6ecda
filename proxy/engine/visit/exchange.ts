import type { Socket } from 'node:net'
import type { BodyReader } from '../http/wire/body-reader'
import type { Framing } from '../http/wire/field-lines'
import type { Intake } from '../intake/intake'

/** Whose doing it is that a client's connection is gone, and why. */
export interface ClientGone {
  readonly by: 'client' | 'gateway'
  /** For the log. */
  readonly reason: string
}

export const CLIENT_LEFT: ClientGone = { by: 'client', reason: 'the client went away' }

/** Says of an end that is the gateway's doing what it came in the middle of; a client that leaves is told as ever. */
export function goneWhile({ by, reason }: ClientGone, phase: string): ClientGone {
  return { by, reason: by === 'client' ? reason : `${reason} (${phase})` }
}

/** Who takes a request's body, and hears of its client. */
export interface BodySink {
  /** A piece of the body: the reader's ranges of `buffer`. */
  onBody(buffer: Buffer, body: BodyReader): void
  onBodyEnd(trailers: readonly string[]): void
  /** All that came at once has been told. */
  onBodyPause(): void
  /** What comes is no body of the kind that was announced, for a reason that the log is told. Nothing more of it follows. */
  onBodyBad(fault: string): void
  /** The client's connection is gone; nothing can be answered any more. */
  onClientGone(gone: ClientGone): void
  /** What was held back for the client has been sent. */
  onClientDrain(): void
}

/**
 * A request that waits for its answer: a client's connection of HTTP/1.1, or whatever else carries one request and one
 * answer. Fields are flat lists: name, value, name, value, ….
 */
export interface Exchange {
  /** Whether all of the request's body has come, or it has none. */
  readonly bodyComplete: boolean
  /** Whether nothing more of the body will come: it is complete, was broken off, or was not asked for. */
  readonly bodyOver: boolean
  /** Whether an answer has begun, so that no other can be given. */
  readonly answered: boolean
  /** Whether the client does not take what it is sent as fast as it comes: the source should pause until `onClientDrain`. */
  readonly full: boolean
  /** What the client has still to take, in a measure that changes whenever it takes some. */
  readonly pending: number
  /** Names who takes the body and hears of the client; null: the body is dropped. Nothing of a body comes before `readBody`. */
  listen(sink: BodySink | null): void
  /** Lets the body come. */
  readBody(): void
  pauseBody(): void
  resumeBody(): void
  /** Sends an interim answer, where the client understands them. */
  inform(status: number, reason: string, fields: readonly string[]): void
  /** Begins the answer. `framing` is how the source frames the body; how it is framed for the client is the exchange's business. */
  answer(status: number, reason: string, fields: readonly string[], framing: Framing): void
  write(buffer: Buffer, body: Pick<BodyReader, 'ranges' | 'size'>): void
  /** Adds text that is a body, or a piece of it, in UTF-8. */
  writeText(text: string): void
  /**
   * Ends the answer. What is left of the request's body is dropped, or with `bodyGoesOn` goes to the sink as before, until it
   * ends or nobody listens any more; the next request comes after that.
   */
  end(trailers: readonly string[], bodyGoesOn?: boolean): void
  /** Sends what has been written. */
  flush(): void
  /** After this answer the client's connection is closed. */
  closeAfter(): void
  /** A fault of ours broke off what answers it: the exchange ends, as well as it can. */
  onFault(error: unknown): string | null
  /** Breaks the connection off, so that the answer cannot look complete. */
  cut(): void
  /** Answers 101, with `Upgrade` among the fields, and leaves the connection to the caller, with the bytes that came early. */
  switchProtocols(fields: readonly string[]): { readonly socket: Socket; readonly intake: Intake; readonly early: Buffer }
}
