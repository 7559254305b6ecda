import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { Notice } from '../../proxy/contract/events'
import type { BackendStatus, EngineStatus } from '../../proxy/contract/status'
import { Configuration } from '../../proxy/host/configuration'
import { EventHub } from '../../proxy/host/event-hub'
import { RevisionLog } from '../../proxy/host/history/revision-log'
import { Notices } from '../../proxy/host/notices'
import { documentText } from '../../proxy/host/store/document-file'
import { openStore } from '../../proxy/host/store/open-store'
import { backendOf, serviceOf } from './live-services'
import { tempDirectory } from './temp-directory'

export interface Configured {
  readonly configuration: Configuration
  readonly hub: EventHub
  readonly notices: Notices
  readonly told: Notice[]
  /** What was logged. */
  readonly lines: string[]
  readonly log: (line: string) => void
  /** What the gateway tells of its services. */
  readonly supervisor: { services: EngineStatus['services']; status(): EngineStatus }
  /** Backends of a service, each as `id url state`. */
  readonly backends: (service: string) => string[]
  /** Tells that a backend's health has changed. */
  readonly tell: (service: string, backend: Partial<BackendStatus> & Pick<BackendStatus, 'id'>) => void
  /** Resolves when every edit that is under way has had its turn. */
  readonly settled: () => Promise<void>
  /** Called when the gateway has taken a document, which is not saved yet. */
  onLoad: (document: unknown) => Promise<void> | void
}

/** A configuration in a directory of its own, with a gateway that takes whatever it is given. */
export async function configured(document: ConfigDocument): Promise<Configured> {
  const directory = tempDirectory()
  const file = path.join(directory, 'config.json')
  writeFileSync(file, documentText(document))
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const told: Notice[] = []
  const hub = new EventHub()
  const notices = new Notices((notice) => void told.push(notice), Date.now)
  const history = new RevisionLog(path.join(directory, 'history'), log)
  const documentFile = { path: file, write: (next: ConfigDocument) => writeFileSync(file, documentText(next)) }
  const opened = await openStore({
    file: documentFile,
    owned: true,
    history,
    notices,
    wallTime: Date.now,
    firstDocument: () => Promise.resolve(document),
  })
  const supervisor = {
    services: [] as EngineStatus['services'],
    status(): EngineStatus {
      return {
        startedAt: 0,
        listeners: [],
        services: this.services,
        memory: { rss: 0 },
        busy: { connections: 0, waiting: 0, running: 0, timers: 0 },
      }
    },
  }
  const configuration = new Configuration(
    {
      file: documentFile,
      history,
      surroundings: () => ({ ownAddresses: [], ownNames: [] }),
      load: async (_revision, next) => {
        await made.onLoad(next)
        return { ok: true, listeners: [], duration: 0, ended: 0 }
      },
      serves: () => true,
      changed: (event) => hub.emit('config', event),
      notices,
      wallTime: Date.now,
    },
    opened,
  )
  const made: Configured = {
    configuration,
    hub,
    notices,
    told,
    lines,
    log,
    supervisor,
    backends: (service) =>
      (configuration.current.document.services?.find(({ id }) => id === service)?.backends ?? []).map(
        ({ id, url, state = 'active' }) => `${id} ${url} ${state}`,
      ),
    tell(service, part) {
      const backend = backendOf(part)
      const { state, reason, onBackup } = serviceOf({ id: service, state: backend.health === 'down' ? 'down' : 'online' })
      hub.emit('health', { at: Date.now(), service, state, reason, onBackup, backend })
    },
    settled: () => configuration.pickUp(),
    onLoad: () => undefined,
  }
  return made
}
