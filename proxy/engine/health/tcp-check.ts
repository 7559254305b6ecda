import type { Backend } from '../backend/backend'
import { dial } from '../backend/dial'

/** Whether the backend accepts a connection within `timeout` ms; answers the reason where it does not. */
export function checkTcp(backend: Backend, timeout: number): Promise<string | null> {
  return new Promise((resolve) => {
    dial({ ...backend.url, secure: false, verify: false }, backend.dialOptions(timeout), (error, socket) => {
      socket?.destroy()
      resolve(error?.message ?? null)
    })
  })
}
