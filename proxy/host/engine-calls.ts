import type { Handlers } from '../contract/api'
import type { engineCalls as api } from '../contract/calls/engine'
import type { Supervisor } from './supervisor'

/** Starting and stopping the gateway. */
export function engineCalls(supervisor: Supervisor): Handlers<typeof api> {
  return {
    'engine.start': () => supervisor.start(),
    'engine.stop': () => supervisor.stop(),
    'engine.restart': () => supervisor.restart(),
  }
}
