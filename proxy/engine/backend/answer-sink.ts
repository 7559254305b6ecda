import type { BodyReader } from '../http/wire/body-reader'
import type { Framing } from '../http/wire/field-lines'
import type { ResponseHead } from '../http/wire/response-head-parser'
import type { BackendError } from '../../outbound/backend-error'

/** Who waits for an answer on a backend's connection. After `onAnswerEnd`, `onSwitch` or `onAnswerFailed` nothing more is called. */
export interface AnswerSink {
  /** An interim answer other than 101. */
  onInterim(head: ResponseHead): void
  /** The final answer begins; `framing` is how its body really is framed. Body and end follow at once where they are there already. */
  onAnswer(head: ResponseHead, framing: Framing): void
  /** A piece of the body: the reader's ranges of `buffer`. */
  onAnswerBody(buffer: Buffer, body: BodyReader): void
  onAnswerEnd(trailers: readonly string[]): void
  /** All that came at once has been told. */
  onAnswerPause(): void
  /** The backend switched protocols; `rest` came right after its answer. The connection is the sink's own from here on. */
  onSwitch(head: ResponseHead, rest: Buffer): void
  /** The connection ended or broke, or what came is no HTTP. */
  onAnswerFailed(error: BackendError): void
  /** A fault of ours broke off what was made of the answer; the connection is gone. */
  onFault(error: unknown): string | null
  /** What was held back for this connection has been sent. */
  onBackendDrain(): void
}
