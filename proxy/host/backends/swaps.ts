import type { Surroundings } from '../../contract/check'
import { parseBackendUrl } from '../../contract/backend-url'
import type { ConfigDocument } from '../../contract/config/document'
import { freeId, slug } from '../../contract/expose'
import { CallError } from '../../contract/failure'
import type { BackendStatus } from '../../contract/status'
import type { Configuration } from '../configuration'
import { testBackend } from '../doctor/test-backend'
import type { EventHub } from '../event-hub'
import type { Notices } from '../notices'
import type { Supervisor } from '../supervisor'
import { type BackendDocument, findBackend, inState, withBackends } from './edit-backends'

/** A new backend that is down within this time is taken back by itself. */
const PROBATION_MS = 30_000

export interface SwapsOptions {
  readonly configuration: Configuration
  readonly hub: EventHub
  readonly notices: Notices
  readonly supervisor: Pick<Supervisor, 'status'>
  readonly surroundings: () => Surroundings
  readonly log: (line: string) => void
}

interface Swapped {
  readonly backend: string
  readonly revision: string
}

/** The guided swap: test the new server, give it the work in one save, drain the old one, keep that for Undo. */
export class Swaps {
  readonly #options: SwapsOptions
  /** New backends on probation, by service and id: where they are, and what ends it. */
  readonly #probation = new Map<string, { readonly url: string; readonly timer: NodeJS.Timeout }>()

  constructor(options: SwapsOptions) {
    this.#options = options
    options.hub.on('health', ({ service, backend }) => {
      if (backend !== null) this.#judge(service, backend)
    })
  }

  stop(): void {
    for (const { timer } of this.#probation.values()) clearTimeout(timer)
    this.#probation.clear()
  }

  async start(service: string, backend: string, url: string, by: string): Promise<Swapped> {
    const { configuration } = this.#options
    const found = findBackend(configuration.current.document, service, backend)
    await this.#test(found, url)
    let added = ''
    const { revision } = await configuration.edit(
      (document) => {
        const now = findBackend(document, service, backend)
        // The test took its time: somebody may have come first.
        refuseTaken(now, url)
        added = freeId(
          idFor(url, backend),
          (now.service.backends ?? []).filter((one) => !isLeftover(one, url, backend)).map(({ id }) => id),
        )
        return withBackends(document, service, (backends) =>
          backends.flatMap((one) => {
            // What an earlier swap to the same server has left behind is this very server.
            if (isLeftover(one, url, backend)) return []
            if (one.id !== backend) return [one]
            const { replaces: _earlier, ...rest } = inState(one, 'active')
            return [{ ...rest, id: added, url, replaces: backend }, inState(one, 'draining')]
          }),
        )
      },
      by,
      `Swapped ${backend} of ${found.name} for ${url}`,
    )
    this.#watch(service, added, url)
    return { backend: added, revision }
  }

  async undo(service: string, backend: string, by: string): Promise<Swapped> {
    const { configuration } = this.#options
    const pair = pairOf(configuration.current.document, service, backend)
    this.#unwatch(service, pair.added)
    const { revision } = await configuration.edit(
      (document) =>
        withPair(document, service, backend, (one, { old, added }) => {
          if (one.id === old) return [inState(one, 'active')]
          if (one.id !== added) return [one]
          const { replaces: _ended, ...rest } = one
          return [inState(rest, 'draining')]
        }),
      by,
      `Took the swap of ${pair.old} of ${pair.name} back`,
    )
    return { backend: pair.old, revision }
  }

  /** Refuses a server that does not do the work: the old one is still at it. */
  async #test(found: ReturnType<typeof findBackend>, url: string): Promise<void> {
    const { configuration, surroundings } = this.#options
    const { service, backend } = found
    refuseTaken(found, url)
    const host = service.hosts?.find((name) => !name.includes('*'))
    const verdict = await testBackend(
      {
        url,
        verify: backend.tls?.verify ?? true,
        serverName: backend.tls?.serverName,
        // A server that wants the PROXY header closes whatever comes without.
        proxyProtocol: service.lockdown?.proxyProtocol ?? 'off',
        path: service.health?.path ?? '/',
        ...(host === undefined || service.headers?.host === 'backend' ? {} : { host }),
      },
      configuration.current.document.listeners,
      surroundings(),
    )
    if (verdict.verdict !== 'ok' && verdict.verdict !== 'answers') throw refused(verdict.text)
    if (verdict.status !== null && verdict.status >= 500) throw refused(`it answers ${verdict.status}`)
  }

  #watch(service: string, backend: string, url: string): void {
    this.#unwatch(service, backend)
    const timer = setTimeout(() => this.#unwatch(service, backend), PROBATION_MS)
    timer.unref()
    this.#probation.set(`${service} ${backend}`, { url, timer })
    // It may have failed while the swap was still being written down; that is told only once.
    const found = this.#options.supervisor
      .status()
      ?.services.find(({ id }) => id === service)
      ?.backends.find(({ id }) => id === backend)
    if (found !== undefined) this.#judge(service, found)
  }

  #unwatch(service: string, backend: string): void {
    clearTimeout(this.#probation.get(`${service} ${backend}`)?.timer)
    this.#probation.delete(`${service} ${backend}`)
  }

  #judge(service: string, { id, url, health, reason }: BackendStatus): void {
    const watched = this.#probation.get(`${service} ${id}`)
    if (watched?.url === url && health === 'down') void this.#rollBack(service, id, url, reason ?? 'it does not answer')
  }

  async #rollBack(service: string, backend: string, url: string, reason: string): Promise<void> {
    const { configuration, notices, log } = this.#options
    this.#unwatch(service, backend)
    try {
      const pair = pairOf(configuration.current.document, service, backend)
      await configuration.edit(
        (document) =>
          withPair(document, service, backend, (one, { old, added }) => {
            if (one.id === old) return [inState(one, 'active')]
            if (one.id !== added) return [one]
            if (one.url !== url || (one.state ?? 'active') !== 'active') throw new CallError('AR_CONFLICT', 'It has been changed since.')
            return []
          }),
        'AstroRelay',
        `Took the swap of ${pair.old} of ${pair.name} back: ${reason}`,
      )
      notices.add(
        'error',
        `The swap in ${pair.name} was taken back`,
        `The new backend does not do the work (${reason}). ${pair.old} answers again.`,
        `/services/${service}`,
      )
    } catch (error) {
      // Somebody has changed the service meanwhile, so that there is nothing to take back.
      log(`swap of ${service}/${backend}: ${String(error)}`)
    }
  }
}

/** The document with the two backends of a swap edited, as it is when that edit has its turn; fails where the swap is over by then. */
function withPair(
  document: ConfigDocument,
  service: string,
  backend: string,
  edit: (one: BackendDocument, pair: ReturnType<typeof pairOf>) => BackendDocument[],
): ConfigDocument {
  const pair = pairOf(document, service, backend)
  return withBackends(document, service, (backends) => backends.flatMap((one) => edit(one, pair)))
}

/** The two backends of a swap, by the id of either. */
function pairOf(
  document: ConfigDocument,
  id: string,
  backend: string,
): { readonly old: string; readonly added: string; readonly name: string } {
  const service = document.services?.find((other) => other.id === id)
  if (service === undefined) throw new CallError('AR_NOT_FOUND', `There is no service “${id.slice(0, 63)}”.`)
  const added = service.backends?.find((one) => one.replaces !== undefined && (one.id === backend || one.replaces === backend))
  const old = service.backends?.find((one) => one.id === added?.replaces)
  if (added === undefined || old === undefined)
    throw new CallError('AR_NOT_FOUND', `There is no swap of “${backend.slice(0, 63)}” to take back.`)
  return { old: old.id, added: added.id, name: service.name ?? service.id }
}

function refuseTaken({ service, backend }: ReturnType<typeof findBackend>, url: string): void {
  if (parseKey(url) === parseKey(backend.url)) throw refused('this is where the backend is already')
  if (service.backends?.some((other) => parseKey(other.url) === parseKey(url) && other.state !== 'maintenance'))
    throw refused('another backend of this service is there already')
}

function isLeftover(one: BackendDocument, url: string, replaced: string): boolean {
  return one.id !== replaced && one.state === 'maintenance' && parseKey(one.url) === parseKey(url)
}

function idFor(url: string, old: string): string {
  const parsed = parseBackendUrl(url)
  return typeof parsed === 'string' ? `${old}-2` : slug(`${parsed.host}-${parsed.port}`)
}

function parseKey(url: string): string {
  const parsed = parseBackendUrl(url)
  return typeof parsed === 'string' ? url : `${parsed.host}:${parsed.port}${parsed.basePath}`
}

function refused(text: string): CallError {
  return new CallError('AR_INVALID', `The swap was not begun: ${text}`, { issues: [{ path: 'url', message: text }] })
}
