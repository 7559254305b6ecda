import { type ErrorCode, errorCodeSchema } from './errors'
import type { Issue } from './issue'
import { z } from 'zod'
import { issueSchema } from './issue'

/** A failure as it crosses a channel. */
export const failureSchema = z.object({
  code: errorCodeSchema.catch('AR_INTERNAL'),
  message: z.string(),
  issues: z.array(issueSchema).optional(),
  /** The current revision, with AR_CONFLICT. */
  revision: z.string().optional(),
})
export type Failure = z.output<typeof failureSchema>

/** A call that was understood and refused. `message` is for people. */
export class CallError extends Error {
  readonly code: ErrorCode
  readonly issues: readonly Issue[]
  readonly revision: string | undefined

  constructor(code: ErrorCode, message: string, detail: { issues?: readonly Issue[]; revision?: string } = {}) {
    super(message)
    this.name = 'CallError'
    this.code = code
    this.issues = detail.issues ?? []
    this.revision = detail.revision
  }
}

/** What of an error may leave the process: a refusal as it is, anything else without its details. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof CallError))
    return { code: 'AR_INTERNAL', message: 'Something went wrong inside AstroRelay. The log has the details.' }
  return {
    code: error.code,
    message: error.message,
    ...(error.issues.length > 0 ? { issues: [...error.issues] } : {}),
    ...(error.revision === undefined ? {} : { revision: error.revision }),
  }
}

/** The error a failure stands for, on the caller's side. */
export function fromFailure(failure: Failure): CallError {
  return new CallError(failure.code, failure.message, {
    ...(failure.issues ? { issues: failure.issues } : {}),
    ...(failure.revision === undefined ? {} : { revision: failure.revision }),
  })
}
