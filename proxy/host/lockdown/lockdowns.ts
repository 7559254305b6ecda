import type { ControlEvents } from '../../contract/events'
import type { Service } from '../../contract/config/service'
import type { LockdownOverview, Proof, ProofMark } from '../../contract/lockdown-api'
import { CallError } from '../../contract/failure'
import { steadily } from '../../system/steady'
import type { Configuration } from '../configuration'
import type { EventHub } from '../event-hub'
import type { Notices } from '../notices'
import { ownAddresses, reachableAddresses } from '../own-addresses'
import type { ProofBook } from './proof-book'
import { methodsOf, verify } from './verify'

const DAY_MS = 24 * 3_600_000
const LOOK_MS = 3_600_000
/** After a save the backends are verified once the gateway has taken it over. */
const AFTER_CHANGE_MS = 2_000

export interface LockdownsOptions {
  readonly configuration: Pick<Configuration, 'current'>
  readonly hub: EventHub
  readonly notices: Notices
  readonly book: ProofBook
  readonly wallTime: () => number
  readonly log: (line: string) => void
}

type BackendOf = Service['backends'][number]

/** Proves that backends answer the gateway only: when asked, after changes, and once a day; tells when one opens again. */
export class Lockdowns {
  readonly #options: LockdownsOptions
  readonly #timer: NodeJS.Timeout
  readonly #unhear: () => void
  #soon: NodeJS.Timeout | undefined

  constructor(options: LockdownsOptions) {
    this.#options = options
    this.#unhear = options.hub.on('config', () => this.#verifySoon())
    this.#timer = steadily(() => this.verifyOld(), LOOK_MS, options.log)
    this.#verifySoon()
  }

  stop(): void {
    this.#unhear()
    clearTimeout(this.#soon)
    clearInterval(this.#timer)
  }

  /** Every service with backends, what it is locked by, and what has been proven. */
  overview(): LockdownOverview {
    const { configuration, book } = this.#options
    return {
      gateway: reachableAddresses(),
      services: configuration.current.config.services
        .filter(({ backends }) => backends.length > 0)
        .map((service) => ({
          id: service.id,
          name: service.name ?? service.id,
          methods: methodsOf(service),
          header: service.lockdown.secretHeader?.name ?? null,
          proxyProtocol: service.lockdown.proxyProtocol,
          rotating: service.lockdown.secretHeader?.next !== undefined,
          backends: service.backends.map((backend) => ({ id: backend.id, url: backend.url, proof: book.read(service, backend) })),
        })),
    }
  }

  /** For a backend's row; null where its service is not locked down, or it has not been verified. */
  markOf(service: Service, backend: BackendOf): ProofMark | null {
    const found = methodsOf(service).length === 0 ? null : this.#options.book.read(service, backend)
    return found === null ? null : { state: found.state, at: found.at, text: found.text }
  }

  /** Verifies a service's backends, or one of them, now. */
  async verify(id: string, backend?: string): Promise<{ readonly backend: string; readonly proof: Proof }[]> {
    const service = this.serviceOf(id)
    const wanted = service.backends.filter((one) => backend === undefined || one.id === backend)
    if (service.backends.length === 0)
      throw new CallError('AR_INVALID', `“${service.name ?? id}” has no backends, so there is nothing to verify.`)
    if (wanted.length === 0)
      throw new CallError('AR_NOT_FOUND', `“${service.name ?? id}” has no backend “${(backend ?? '').slice(0, 63)}”.`)
    return Promise.all(wanted.map(async (one) => ({ backend: one.id, proof: await this.#verifyOne(service, one) })))
  }

  serviceOf(id: string): Service {
    const service = this.#options.configuration.current.config.services.find((other) => other.id === id)
    if (service === undefined) throw new CallError('AR_NOT_FOUND', `There is no service “${id.slice(0, 63)}”.`)
    return service
  }

  /** Verifies what was never verified as it is now, or not for a day. */
  async verifyOld(): Promise<void> {
    const { configuration, book, wallTime, log } = this.#options
    const { services } = configuration.current.config
    book.keep(services)
    for (const service of services) {
      if (!service.enabled || methodsOf(service).length === 0) continue
      for (const backend of service.backends) {
        const known = book.read(service, backend)
        // One of a time to come was made before the clock was set back.
        const age = known === null ? Number.POSITIVE_INFINITY : wallTime() - known.at
        if (age >= 0 && age < DAY_MS) continue
        await this.#verifyOne(service, backend).catch((error: unknown) => log(`lock-down of ${service.id}/${backend.id}: ${String(error)}`))
      }
    }
  }

  #verifySoon(): void {
    clearTimeout(this.#soon)
    this.#soon = setTimeout(() => {
      this.verifyOld().catch((error: unknown) => this.#options.log(`lock-down: ${String(error)}`))
    }, AFTER_CHANGE_MS)
    this.#soon.unref()
  }

  async #verifyOne(service: Service, backend: BackendOf): Promise<Proof> {
    const { book, hub, notices, wallTime } = this.#options
    const before = book.read(service, backend)
    const proof = await verify(service, backend, { own: ownAddresses(), wallTime })
    // A machine that is away now was locked before it went: that is no news about its lock.
    if (proof.state === 'unreachable' && before?.state === 'locked') return proof
    book.write(service, backend, proof)
    if (before?.state === proof.state) return proof
    const event: ControlEvents['lockdown'] = {
      at: proof.at,
      service: service.id,
      backend: backend.id,
      state: proof.state,
      text: proof.text,
    }
    hub.emit('lockdown', event)
    if (before?.state === 'locked' && proof.state === 'open' && methodsOf(service).length > 0)
      notices.add(
        'error',
        `${backend.id} of ${service.name ?? service.id} is open again`,
        `${proof.text} Whoever reaches it there walks around the access rules.`,
        `/lockdown/${service.id}`,
      )
    return proof
  }
}
