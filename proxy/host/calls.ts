import { hostname } from 'node:os'
import type { Handlers } from '../contract/api'
import type { Surroundings } from '../contract/check'
import type { ControlApi, Info } from '../contract/control-api'
import { CallError } from '../contract/failure'
import { addressNotes } from '../contract/host-bits'
import { parseConfig } from '../contract/parse'
import type { Status } from '../contract/status'
import { accessCalls } from './access-calls'
import { backendCalls } from './backends/backend-calls'
import type { Moves } from './backends/moves'
import type { Swaps } from './backends/swaps'
import type { Configuration } from './configuration'
import { scan } from './discovery/scan'
import { testBackend } from './doctor/test-backend'
import { testFolder } from './doctor/test-folder'
import { testPort } from './doctor/test-port'
import { composeHistory } from './health-history/compose'
import type { HealthLog } from './health-history/health-log'
import type { RevisionLog } from './history/revision-log'
import { lockdownCalls } from './lockdown/lockdown-calls'
import type { Lockdowns } from './lockdown/lockdowns'
import { masked, maskedIfDocument, unmasked } from './lockdown/secrets'
import { metricsText } from './metrics'
import type { Notices } from './notices'
import { namedNetworks, ownAddresses, ownNetworks, reachableAddresses } from './own-addresses'
import { composeStatus } from './status'
import type { Supervisor } from './supervisor'
import type { TrafficHistory } from './traffic/traffic-history'

export interface CallParts {
  readonly about: Pick<Info, 'version' | 'host' | 'dataDirectory' | 'configFile'>
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
  /** The console's origin; null where there is none. */
  readonly consoleOrigin: () => string | null
}

/** What the host answers to each call of the control API, whichever way it came. */
export function createCalls(parts: CallParts): Handlers<ControlApi> {
  const { configuration, history, supervisor, traffic, notices, surroundings } = parts

  async function status(): Promise<Status> {
    const known = await supervisor.status()
    return composeStatus({
      version: parts.about.version,
      now: Date.now(),
      current: configuration.current,
      engine: supervisor.state,
      known,
      reachable: reachableAddresses(),
      markOf: (service, backend) => parts.lockdowns.markOf(service, backend),
    })
  }

  return {
    'config.get': () => ({ revision: configuration.current.revision, document: masked(configuration.current.document) }),
    'config.put': async ({ document, baseRevision, by, summary }) => {
      // A script that writes an address means it; a person at the form may have mistyped.
      const parsed = by === 'window' ? parseConfig(document, surroundings()) : null
      const moves = parsed?.ok ? await parts.moves.within(parsed.document) : []
      const saved = await configuration.save({ document, baseRevision, by: by ?? 'API', summary })
      parts.moves.watch(moves)
      return { ...saved, notes: [...saved.notes, ...addressNotes(configuration.current.config)] }
    },
    'config.check': ({ document }) => {
      const parsed = parseConfig(unmasked(document, configuration.current.document).document, surroundings())
      return parsed.ok ? { issues: [], notes: addressNotes(parsed.config) } : { issues: [...parsed.issues], notes: [] }
    },
    status,
    'traffic.recent': () => ({
      services: traffic.recent(
        configuration.current.config.services.map(({ id }) => id),
        Date.now(),
      ),
    }),
    'traffic.series': ({ id, minutes }) => {
      if (!configuration.current.config.services.some((service) => service.id === id))
        throw new CallError('AR_NOT_FOUND', `There is no service “${id.slice(0, 63)}”.`)
      return traffic.series(id, minutes, Date.now())
    },
    requests: async (filter) => (await supervisor.ask('requests', filter)) ?? [],
    ...accessCalls(supervisor),
    ...backendCalls(parts),
    ...lockdownCalls(configuration, parts.lockdowns),
    'service.history': ({ id, hours }) => {
      const service = configuration.current.config.services.find((other) => other.id === id)
      if (service === undefined) throw new CallError('AR_NOT_FOUND', `There is no service “${id.slice(0, 63)}”.`)
      return composeHistory(
        parts.health.entries,
        id,
        service.backends.map((backend) => backend.id),
        hours,
        Date.now(),
      )
    },
    history: () => history.rows(configuration.current.revision),
    'history.get': ({ revision }) => {
      const entry = history.read(revision)
      if (!entry) throw new CallError('AR_NOT_FOUND', `There is no revision ${revision.slice(0, 20)} any more; the last 50 are kept.`)
      return { revision: entry.revision, document: maskedIfDocument(entry.document) }
    },
    'history.restore': async ({ revision }) => {
      const saved = await configuration.restore(revision, 'history')
      return { revision: saved.revision }
    },
    'engine.start': () => supervisor.start(),
    'engine.stop': () => supervisor.stop(),
    'engine.restart': () => supervisor.restart(),
    'discovery.scan': () => {
      const { consolePort } = surroundings()
      return scan({
        config: configuration.current.config,
        own: ownAddresses(),
        skip: new Set(consolePort === undefined ? [] : [consolePort]),
      })
    },
    'backend.test': (question) => testBackend(question, configuration.current.document.listeners, surroundings()),
    'folder.test': ({ folder }) => testFolder(folder, [parts.about.dataDirectory, parts.about.configFile]),
    'port.test': (question) => testPort(question, configuration.current.config, surroundings().consolePort),
    info: () => ({
      ...parts.about,
      platform: process.platform,
      machine: hostname(),
      addresses: reachableAddresses(),
      networks: ownNetworks(),
      interfaces: namedNetworks(),
      console: parts.consoleOrigin(),
      notices: [...notices.all],
    }),
    metrics: async () => metricsText(await status(), Date.now()),
  }
}
