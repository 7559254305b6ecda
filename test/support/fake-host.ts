import type { Handlers } from '../../proxy/contract/api'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { Discovered } from '../../proxy/contract/calls/doctor'
import type { ControlApi } from '../../proxy/contract/control-api'
import { type ControlEventName, type ControlEvents, controlEvents } from '../../proxy/contract/events'
import { controlApi } from '../../proxy/contract/control-api'
import { CallError } from '../../proxy/contract/failure'
import { parseConfig } from '../../proxy/contract/parse'
import { memoryPair } from '../../proxy/contract/rpc/memory'
import { serveRpc } from '../../proxy/contract/rpc/server'
import type { Transport } from '../../proxy/contract/rpc/transport'
import type { EngineState, ListenerStatus, ServiceStatus, Status } from '../../proxy/contract/status'

/** What a fake host begins with; anything left out is a healthy gateway with nothing in it. */
export interface FakeWorld {
  readonly document?: ConfigDocument
  readonly engine?: Partial<EngineState>
  readonly listeners?: readonly Partial<ListenerStatus>[]
  /** By service id. */
  readonly services?: Readonly<Record<string, Partial<ServiceStatus>>>
  readonly traffic?: Readonly<Record<string, number[]>>
  readonly found?: readonly Discovered[]
  /** Open connections that every save ends, and would end. */
  readonly ends?: number
  /** Calls that never answer. */
  readonly silent?: readonly (keyof ControlApi)[]
}

const START = Date.UTC(2026, 4, 24, 12, 0, 0)

/** A host of the control API in memory: it keeps a configuration with revisions and answers as the real one would. */
export class FakeHost {
  document: ConfigDocument
  revision = 1
  engine: EngineState
  /** Every call that came, with its parameters. */
  readonly calls: { readonly name: string; readonly params: unknown }[] = []
  readonly #ends: Transport[] = []

  constructor(private readonly world: FakeWorld = {}) {
    this.document = world.document ?? { version: 1, listeners: [{ id: 'web', port: 80 }] }
    this.engine = { state: 'running', pid: 4711, startedAt: START, restarts: 0, lastFailure: null, nextTryAt: null, ...world.engine }
  }

  /** One more client's end of a channel to this host. */
  connect(): Transport {
    const { a, b } = memoryPair()
    serveRpc(b, controlApi, this.handlers, { onFault: (error) => console.error(error) })
    this.#ends.push(b)
    return a
  }

  emit<Name extends ControlEventName>(name: Name, payload: ControlEvents[Name]): void {
    for (const end of this.#ends) end.send({ kind: 'event', name, payload: controlEvents[name].parse(payload) })
  }

  /** Saves as another client would. */
  save(document: ConfigDocument, by = 'API'): void {
    const parsed = parseConfig(document)
    if (!parsed.ok) throw new CallError('AR_INVALID', 'The configuration is not valid.', { issues: parsed.issues })
    this.document = document
    this.revision++
    this.emit('config', { revision: String(this.revision), at: Date.now(), by, ended: 0 })
  }

  status(): Status {
    const parsed = parseConfig(this.document)
    const config = parsed.ok ? parsed.config : null
    return {
      version: '0.1.0',
      revision: String(this.revision),
      at: Date.now(),
      engine: this.engine,
      listeners: (config?.listeners ?? []).map(({ id, address, port, protocol }, index) => ({
        id,
        address,
        port,
        protocol,
        state: 'listening',
        reason: null,
        code: null,
        holder: null,
        connections: 4,
        ...this.world.listeners?.[index],
      })),
      services: (config?.services ?? []).map((service): ServiceStatus => ({
        id: service.id,
        name: service.name ?? service.id,
        type: 'http',
        state: service.enabled ? 'online' : 'off',
        reason: null,
        addresses: [`http://${service.hosts[0] === '*' ? '192.168.1.10' : service.hosts[0]}`],
        traffic: {
          requests: 0,
          answers: [0, 0, 0, 0, 0],
          refused: 0,
          failed: 0,
          bytesIn: 0,
          bytesOut: 0,
          inFlight: 0,
          perSecond: 0,
          latency: null,
        },
        backends: service.backends.map(({ id, url, role }) => ({
          id,
          url,
          role,
          state: 'active',
          drain: null,
          health: 'up',
          reason: null,
          since: START,
          lastCheck: null,
          inFlight: 0,
          tunnels: 0,
          requests: 0,
          failed: 0,
          latency: null,
        })),
        onBackup: false,
        maintenance: false,
        ...this.world.services?.[service.id],
      })),
    }
  }

  readonly handlers: Handlers<ControlApi> = this.#watch({
    'config.get': () => ({ revision: String(this.revision), document: this.document }),
    'config.put': ({ document, baseRevision, by }) => {
      if (baseRevision !== undefined && baseRevision !== String(this.revision))
        throw new CallError('AR_CONFLICT', 'Someone else saved a change.', { revision: String(this.revision) })
      const parsed = parseConfig(document)
      if (!parsed.ok) throw new CallError('AR_INVALID', parsed.issues[0]?.message ?? '', { issues: parsed.issues })
      this.save(parsed.document, by)
      return { revision: String(this.revision), ended: this.world.ends ?? 0, notes: [] }
    },
    'config.check': ({ document }) => {
      const parsed = parseConfig(document)
      return { issues: parsed.ok ? [] : [...parsed.issues], notes: [] }
    },
    status: () => this.status(),
    'traffic.recent': () => ({ services: { ...this.world.traffic } }),
    'traffic.series': () => ({ step: 10_000, points: [] }),
    requests: () => [],
    'backend.state': () => ({ revision: String(this.revision), running: { requests: 0, tunnels: 0 }, warning: null }),
    'backend.swap': () => ({ backend: 'new', revision: String(this.revision) }),
    'backend.swap.undo': () => ({ backend: 'main', revision: String(this.revision) }),
    'backend.check': () => ({ found: true }),
    lockdown: () => ({ gateway: ['192.168.1.10'], services: [] }),
    'lockdown.set': () => ({ revision: String(this.revision), secret: null }),
    'lockdown.end': () => ({ revision: String(this.revision) }),
    'lockdown.rotate': () => ({
      revision: String(this.revision),
      secret: { header: 'X-AstroRelay-Key', value: 'a-new-secret-value' },
      replaced: false,
    }),
    'lockdown.finish': () => ({ revision: String(this.revision) }),
    'lockdown.keep': () => ({ revision: String(this.revision) }),
    'lockdown.verify': () => ({ backends: [] }),
    'service.history': () => ({ from: START, to: START, service: [], backends: [], incidents: [], uptime: null }),
    'access.test': ({ service = '', address }) => ({
      decision: 'allow',
      source: 'default',
      rule: null,
      because: 'the service has no rules',
      service,
      client: address,
      watched: false,
      signIn: false,
      notes: [],
    }),
    'access.counts': () => ({ services: {}, lists: {}, blocked: [], automatic: [] }),
    'access.impact': () => ({ addresses: [], total: 0, running: this.world.ends ?? 0 }),
    'access.unblock': () => ({ ended: false }),
    'password.hash': () => ({ hash: `scrypt$16384$8$1$${'A'.repeat(22)}==$${'A'.repeat(43)}=` }),
    history: () => [{ revision: String(this.revision), at: START, by: 'window', summary: 'Began', current: true }],
    'history.get': ({ revision }) => ({ revision, document: this.document }),
    'history.restore': () => ({ revision: String(this.revision) }),
    sessions: () => [],
    'sessions.revoke': () => ({ ended: 1 }),
    'sessions.revokeAll': () => ({ ended: 0 }),
    'engine.start': () => this.#become('running'),
    'engine.stop': () => this.#become('stopped'),
    'engine.restart': () => this.#become('running'),
    'host.leave': () => null,
    'discovery.scan': () => ({ found: [...(this.world.found ?? [])], checked: 28, duration: 412 }),
    'backend.test': () => ({ verdict: 'ok', text: 'Answered 200 in 11 ms.', status: 200, latency: 11, title: null }),
    'folder.test': () => ({ verdict: 'ok', text: 'The folder is there and can be read.' }),
    'port.test': ({ port }) => ({ free: port > 8_081, own: false, reason: null, holder: null, suggestion: Math.max(port + 1, 8_082) }),
    info: () => ({
      version: '0.1.0',
      host: 'server',
      platform: 'linux',
      machine: 'gateway',
      dataDirectory: '/data',
      configFile: '/data/config.json',
      addresses: ['192.168.1.10'],
      networks: ['192.168.1.0/24'],
      interfaces: [{ name: 'eth0', networks: ['192.168.1.0/24'] }],
      console: null,
      readOnly: null,
      notices: [],
    }),
    metrics: () => '',
  })

  #become(state: EngineState['state']): EngineState {
    this.engine = { ...this.engine, state, startedAt: state === 'running' ? Date.now() : null }
    this.emit('engine', this.engine)
    return this.engine
  }

  /** Notes every call, and lets those of `silent` wait for ever. */
  #watch(handlers: Handlers<ControlApi>): Handlers<ControlApi> {
    const watched = Object.entries(handlers).map(([name, handler]) => [
      name,
      (params: never) => {
        this.calls.push({ name, params })
        return this.world.silent?.some((silent) => silent === name) ? new Promise(() => undefined) : handler(params)
      },
    ])
    return Object.fromEntries(watched) as Handlers<ControlApi>
  }
}
