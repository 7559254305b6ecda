import { BackendError } from '../../outbound/backend-error'
import type { ClientGone } from '../visit/exchange'
import type { PipeOver } from './byte-pipe'

/** How an attempt to have a request answered ended. */
export type ForwardOutcome =
  | { readonly kind: 'done' }
  /** Nothing of an answer has gone to the client, who still waits for one. */
  | { readonly kind: 'failed'; readonly error: BackendError; readonly reusedConnection: boolean }
  | { readonly kind: 'too-large' }
  /** The body is not framed as it says; the client still waits for an answer. */
  | { readonly kind: 'bad-body'; readonly fault: string }
  /** The client stopped in the middle of its request's body; it still waits for an answer. */
  | { readonly kind: 'client-silent' }
  /** The answer had begun; the client's connection was closed so that it does not look complete. */
  | { readonly kind: 'cut'; readonly by: 'backend' | 'client'; readonly reason: string }
  /** What it was switched to is over. */
  | ({ readonly kind: 'closed' } & PipeOver)
  /** The client's connection is gone. */
  | ({ readonly kind: 'client-gone' } & ClientGone)

export const DONE: ForwardOutcome = { kind: 'done' }

/** What a request was in the middle of when its client's connection ended, for the log. */
export const PHASES = {
  connecting: 'while its backend was being connected',
  sending: 'in the middle of its body',
  waiting: 'while the answer was awaited',
  answering: 'in the middle of the answer',
  finishing: 'in the middle of its body, after the answer',
  switched: 'in the middle of a tunnel',
} as const

export function tooSlow(ms: number): ForwardOutcome {
  const error = new BackendError('slow', `no answer within ${Math.round(ms / 100) / 10} s`, false)
  return { kind: 'failed', error, reusedConnection: false }
}

export function unasked(reusedConnection: boolean, sent: boolean): ForwardOutcome {
  const message = sent ? 'it switched protocols unasked' : 'it switched protocols too early'
  return { kind: 'failed', error: new BackendError('garbage', message, false), reusedConnection }
}
