import type { Service } from '../../contract/config/service'
import type { Backend } from '../backend/backend'
import { dial } from '../backend/dial'
import { awaitGreeting } from '../../system/greeting'
import { checkPreface } from './check-preface'

/** Whether the backend accepts a connection, and greets as expected, within the time-out; answers the reason where it does not. */
export function checkTcp(backend: Backend, { health: { timeout, expect }, lockdown }: Service): Promise<string | null> {
  const began = performance.now()
  return new Promise((resolve) => {
    dial(
      { ...backend.url, secure: false, verify: false },
      { ...backend.dialOptions(timeout), preface: checkPreface(lockdown) },
      (error, socket) => {
        if (socket === null || expect === undefined) {
          socket?.destroy()
          return resolve(error?.message ?? null)
        }
        const left = Math.max(1, timeout - (performance.now() - began))
        awaitGreeting(socket, expect, left, resolve)
      },
    )
  })
}
