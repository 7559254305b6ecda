import type { Handlers } from '../contract/api'
import type { engineCalls as api } from '../contract/calls/engine'
import type { Supervisor } from './supervisor'

/** Starting and stopping the gateway. `leave` ends the host in a moment, so that the answer can go out. */
export function engineCalls(supervisor: Supervisor, leave: () => void): Handlers<typeof api> {
  return {
    'engine.start': () => supervisor.start(),
    'engine.stop': () => supervisor.stop(),
    'engine.restart': () => supervisor.restart(),
    'host.leave'() {
      leave()
      return null
    },
  }
}
