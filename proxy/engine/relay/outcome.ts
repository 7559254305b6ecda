import type { BackendError } from '../../outbound/backend-error'

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
  /** The client went away. */
  | { readonly kind: 'client-gone' }

export const DONE: ForwardOutcome = { kind: 'done' }
