import type { ViewSource } from '../http/answer-head'
import type { HeaderRules } from '../http/header-rules'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { Exchange } from '../visit/exchange'
import type { ForwardOutcome } from './outcome'

/** What is carried, and who hears of it. */
export interface TransferOwner extends ViewSource {
  readonly exchange: Exchange
  readonly head: RequestHead
  /** Whether it offers to switch to another protocol. */
  readonly upgrade: boolean
  /** The head that the backend gets. */
  requestText(): string
  readonly requestRules: HeaderRules | null
  readonly answerRules: HeaderRules | null
  /** Durations in ms, as the service sets them. */
  readonly timeouts: { readonly response: number; readonly idle: number; readonly tunnel: number }
  /** Bytes; above it the request is cut off. */
  readonly maxBody: number | undefined
  /** A cookie of the gateway's own that the answer brings; null: none. */
  readonly setCookie: string | null
  onFirstByte(status: number): void
  onBytesIn(count: number): void
  onBytesOut(count: number): void
  /** Called exactly once for each start, when nothing more will happen. */
  onOver(outcome: ForwardOutcome): void
}
