import type { Handlers } from '../contract/api'
import type { Surroundings } from '../contract/check'
import type { ControlApi } from '../contract/control-api'
import { accessCalls } from './access-calls'
import { backendCalls } from './backends/backend-calls'
import type { Moves } from './backends/moves'
import type { Swaps } from './backends/swaps'
import type { Configuration } from './configuration'
import { sessionCalls } from './console/session-calls'
import type { Sessions } from './console/sessions'
import { configurationCalls } from './configuration-calls'
import { doctorCalls } from './doctor/doctor-calls'
import { engineCalls } from './engine-calls'
import type { HealthLog } from './health-history/health-log'
import { historyCalls } from './history/history-calls'
import type { RevisionLog } from './history/revision-log'
import { type About, infoCalls } from './info-calls'
import { lockdownCalls } from './lockdown/lockdown-calls'
import type { Lockdowns } from './lockdown/lockdowns'
import type { Notices } from './notices'
import type { Supervisor } from './supervisor'
import { trafficCalls } from './traffic/traffic-calls'
import type { TrafficHistory } from './traffic/traffic-history'

export interface CallParts {
  readonly about: About
  readonly configuration: Configuration
  readonly history: RevisionLog
  readonly supervisor: Supervisor
  readonly traffic: TrafficHistory
  readonly swaps: Swaps
  readonly moves: Moves
  readonly lockdowns: Lockdowns
  readonly health: HealthLog
  readonly notices: Notices
  readonly surroundings: () => Surroundings
  /** Ends the host and leaves the engine serving. */
  readonly leave: () => void
  /** Null where there is no console. */
  readonly sessions: Sessions | null
  /** The console's origin; null where there is none. */
  readonly consoleOrigin: () => string | null
  /** Why changes cannot be saved now. */
  readonly readOnly: () => string | null
}

/** What the host answers to each call of the control API, whichever way it came. */
export function createCalls(parts: CallParts): Handlers<ControlApi> {
  const { about, configuration, history, supervisor } = parts
  return {
    ...configurationCalls(parts),
    ...trafficCalls({ ...parts, version: about.version }),
    ...backendCalls(parts),
    ...lockdownCalls(configuration, parts.lockdowns),
    ...accessCalls(supervisor),
    ...historyCalls(configuration, history),
    ...engineCalls(supervisor, parts.leave),
    ...doctorCalls({ ...parts, own: [about.dataDirectory, about.configFile] }),
    ...infoCalls(about, parts.notices, parts.consoleOrigin, parts.readOnly),
    ...sessionCalls(parts.sessions),
  }
}
