import type { ErrorCode } from '../../contract/errors'
import type { LimitName } from '../../contract/limits'
import type { MaintenancePage } from '../../contract/maintenance-page'

/** Why a visit is ended by the gateway itself. `reason` goes to the log only. */
export interface Refusal {
  readonly code: ErrorCode
  readonly reason: string
  /** The limit that struck. */
  readonly limit?: LimitName
  /** Whether the connection cannot be used for another request. */
  readonly close?: boolean
  /** The answer that the client sees in its place, so that it does not learn of the refusal. */
  readonly shownAs?: ErrorCode
  /** No answer at all: the connection is cut. */
  readonly cut?: boolean
  /** A page of the service's own, in place of the usual one. */
  readonly page?: MaintenancePage
  /** More fields of the answer: name, value, …. */
  readonly fields?: readonly string[]
}
