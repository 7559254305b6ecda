import type { ComponentType } from 'react'
import type { Service } from '../../../proxy/contract/config/service'
import type { BackendStatus } from '../../../proxy/contract/status'

/** What the lock-down feature shows of a service; the app hands it in, since features do not know each other. */
export interface LockdownParts {
  readonly Tab: ComponentType<{ readonly service: Service }>
  /** Beside the tab's name. */
  readonly TabMark: ComponentType<{ readonly service: Service; readonly known: readonly BackendStatus[] }>
  /** On a backend's row. */
  readonly RowMark: ComponentType<{ readonly service: Service; readonly backend: BackendStatus | undefined }>
}
