import type { ConfigDocument } from '../../contract/config/document'
import type { BackendStatus } from '../../contract/status'
import type { Configuration } from '../configuration'
import type { EventHub } from '../event-hub'
import type { Notices } from '../notices'
import type { Supervisor } from '../supervisor'
import { withBackends } from './edit-backends'

/** A backend whose new address is down within this time gets its old one back. */
const PROBATION_MS = 30_000

/** A backend that got another address in the form; it worked at the old one. */
export interface Move {
  readonly service: string
  readonly backend: string
  readonly from: string
  readonly to: string
}

export interface MovesOptions {
  readonly configuration: Configuration
  readonly hub: EventHub
  readonly notices: Notices
  readonly supervisor: Pick<Supervisor, 'status'>
  readonly log: (line: string) => void
}

/** An address that is edited in the form is a swap: what runs is finished at the old one, and a new one that fails at once is taken back. */
export class Moves {
  readonly #options: MovesOptions
  readonly #probation = new Map<string, { readonly move: Move; readonly timer: NodeJS.Timeout }>()

  constructor(options: MovesOptions) {
    this.#options = options
    options.hub.on('health', ({ service, backend }) => {
      if (backend !== null) this.#judge(service, backend)
    })
  }

  stop(): void {
    for (const { timer } of this.#probation.values()) clearTimeout(timer)
    this.#probation.clear()
  }

  /** What a document would move of the backends that work now. Ask before the save. */
  within(document: ConfigDocument): readonly Move[] {
    const moves = movesBetween(this.#options.configuration.current.document, document)
    return moves.filter((move) => this.#now(move)?.health === 'up')
  }

  /** Puts moved backends on probation, once they are saved. */
  watch(moves: readonly Move[]): void {
    for (const move of moves) {
      this.#forget(move)
      const timer = setTimeout(() => this.#forget(move), PROBATION_MS)
      timer.unref()
      this.#probation.set(keyOf(move.service, move.backend), { move, timer })
      // It may have failed while the save was still being written down; that is told only once.
      const now = this.#now(move)
      if (now !== undefined) this.#judge(move.service, now)
    }
  }

  #now({ service, backend }: Move): BackendStatus | undefined {
    const { services = [] } = this.#options.supervisor.status() ?? {}
    return services.find(({ id }) => id === service)?.backends.find(({ id }) => id === backend)
  }

  #judge(service: string, { id, url, health, reason }: BackendStatus): void {
    const found = this.#probation.get(keyOf(service, id))
    if (found?.move.to === url && health === 'down') void this.#takeBack(found.move, reason ?? 'it does not answer')
  }

  #forget({ service, backend }: Move): void {
    const key = keyOf(service, backend)
    clearTimeout(this.#probation.get(key)?.timer)
    this.#probation.delete(key)
  }

  async #takeBack(move: Move, reason: string): Promise<void> {
    const { configuration, notices, log } = this.#options
    const { service, backend, from, to } = move
    this.#forget(move)
    const name = configuration.current.config.services.find(({ id }) => id === service)?.name ?? service
    try {
      let isBack = false
      await configuration.edit(
        (document) =>
          withBackends(document, service, (backends) =>
            backends.map((one) => {
              // Somebody may have given it a third address, or taken it out, before this had its turn.
              if (one.id !== backend || one.url !== to || (one.state ?? 'active') !== 'active') return one
              isBack = true
              return { ...one, url: from }
            }),
          ),
        'AstroRelay',
        `Gave ${backend} of ${name} its old address back: ${reason}`,
      )
      if (isBack)
        notices.add(
          'error',
          `${backend} of ${name} has its old address back`,
          `The new one, ${to}, failed its checks (${reason}). Requests go to ${from} again.`,
          `/services/${service}`,
        )
    } catch (error) {
      // The document has been changed so that the old address does not fit it any more: the alert of the backend stands.
      log(`address of ${service}/${backend}: ${String(error)}`)
    }
  }
}

/** The active backends that have another URL in the later document. */
export function movesBetween(before: ConfigDocument, after: ConfigDocument): readonly Move[] {
  return (before.services ?? []).flatMap(({ id: service, backends }) => {
    const later = after.services?.find(({ id }) => id === service)?.backends
    return (backends ?? []).flatMap(({ id: backend, url: from }) => {
      const now = later?.find(({ id }) => id === backend)
      return now === undefined || now.url === from || (now.state ?? 'active') !== 'active' ? [] : [{ service, backend, from, to: now.url }]
    })
  })
}

function keyOf(service: string, backend: string): string {
  return `${service} ${backend}`
}
