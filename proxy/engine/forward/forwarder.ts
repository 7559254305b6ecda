import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { BackendError } from '../backend/backend-error'
import type { BackendAgent } from '../backend/backend-agent'

/** Durations in ms, as a service sets them. */
export interface ForwardTimeouts {
  readonly response: number
  readonly idle: number
  readonly tunnel: number
}

/** What a request and a tunnel have in common. `path` is the target as the backend is to see it. */
interface Call {
  readonly request: IncomingMessage
  readonly host: string
  readonly port: number
  readonly path: string
  readonly headers: Record<string, string | string[]>
  readonly agent: BackendAgent
  readonly timeouts: ForwardTimeouts
  /** The connection to the backend stands; nothing has been sent on it yet. */
  onConnected(): void
  /** The backend's answer begins: returns the fields that the client gets. */
  onAnswer(status: number, headers: readonly string[]): string[]
  onBytesIn(count: number): void
  onBytesOut(count: number): void
  /** Called exactly once, when nothing more will happen. */
  onEnd(outcome: ForwardOutcome): void
}

export interface RequestCall extends Call {
  readonly response: ServerResponse
  /** How the body is framed. */
  readonly body: 'none' | 'length' | 'chunked'
  /** Bytes; above it the request is cut off. */
  readonly maxBody: number | undefined
  /** The client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean
}

export interface TunnelCall extends Call {
  readonly socket: Socket
  /** What the client sent right after the handshake. */
  readonly head: Buffer
}

export type ForwardOutcome =
  | { readonly kind: 'done' }
  /** Nothing of an answer has gone to the client, who still waits for one. */
  | { readonly kind: 'failed'; readonly error: BackendError; readonly reusedConnection: boolean }
  | { readonly kind: 'too-large' }
  /** The client stopped in the middle of its request's body; it still waits for an answer. */
  | { readonly kind: 'client-silent' }
  /** The answer had begun; the client's connection was closed so that it does not look complete. */
  | { readonly kind: 'cut'; readonly by: 'backend' | 'client'; readonly reason: string }
  /** The client went away. */
  | { readonly kind: 'client-gone' }

/** Carries a request to a backend and its answer back. The one place to replace for another data plane. */
export interface Forwarder {
  request(call: RequestCall): void
  /** A WebSocket: after the backend's 101 the bytes of both sides, until one of them ends. */
  tunnel(call: TunnelCall): void
}
