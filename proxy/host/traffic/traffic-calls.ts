import type { Handlers } from '../../contract/api'
import type { trafficCalls as api } from '../../contract/calls/traffic'
import { wallTime } from '../../contract/clock'
import type { Service } from '../../contract/config/service'
import { CallError } from '../../contract/failure'
import type { Status } from '../../contract/status'
import type { Configuration } from '../configuration'
import { composeHistory } from '../health-history/compose'
import type { HealthLog } from '../health-history/health-log'
import type { Lockdowns } from '../lockdown/lockdowns'
import { metricsText } from '../metrics'
import { reachableAddresses } from '../own-addresses'
import { composeStatus } from '../status'
import type { Supervisor } from '../supervisor'
import type { TrafficHistory } from './traffic-history'

export interface TrafficCallParts {
  readonly version: string
  readonly configuration: Configuration
  readonly supervisor: Supervisor
  readonly traffic: TrafficHistory
  readonly health: HealthLog
  readonly lockdowns: Lockdowns
}

/** How the gateway fares now and fared lately. */
export function trafficCalls({ version, configuration, supervisor, traffic, health, lockdowns }: TrafficCallParts): Handlers<typeof api> {
  function status(): Status {
    return composeStatus({
      version,
      now: wallTime(),
      current: configuration.current,
      engine: supervisor.state,
      known: supervisor.status(),
      reachable: reachableAddresses(),
      markOf: (service, backend) => lockdowns.markOf(service, backend),
    })
  }

  function serviceOf(id: string): Service {
    const service = configuration.current.config.services.find((other) => other.id === id)
    if (service === undefined) throw new CallError('AR_NOT_FOUND', `There is no service “${id.slice(0, 63)}”.`)
    return service
  }

  return {
    status,
    'traffic.recent': () => ({
      services: traffic.recent(
        configuration.current.config.services.map(({ id }) => id),
        wallTime(),
      ),
    }),
    'traffic.series': ({ id, minutes }) => traffic.series(serviceOf(id).id, minutes, wallTime()),
    requests: async (filter) => (await supervisor.ask('requests', filter)) ?? [],
    'service.history': ({ id, hours }) => {
      const backends = serviceOf(id).backends.map((backend) => backend.id)
      return composeHistory(health.entries, id, backends, hours, wallTime())
    },
    metrics: () => metricsText(status(), wallTime()),
  }
}
