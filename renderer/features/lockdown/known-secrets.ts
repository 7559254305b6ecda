import { elapsed } from '../../../proxy/contract/clock'
import type { ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { createStore, useStore } from '../../state/store'

/** Secrets of a service that were told to this window. They live in its memory only: a reload forgets them. */
export interface KnownSecrets {
  /** What the gateway sends; null: made before this window, or by someone else. */
  readonly current: string | null
  /** What takes its place at the end of a rotation. */
  readonly next: string | null
  /** When it was told, by `elapsed`. */
  readonly at: number
}

const store = createStore<ReadonlyMap<string, KnownSecrets>>(new Map())

export const NOTHING_KNOWN: KnownSecrets = { current: null, next: null, at: 0 }

export function useKnownSecrets(service: string): KnownSecrets {
  return useStore(store, (all) => all.get(service) ?? NOTHING_KNOWN)
}

export function knownSecrets(service: string): KnownSecrets {
  return store.get().get(service) ?? NOTHING_KNOWN
}

function keep(service: string, secrets: Omit<KnownSecrets, 'at'> | null): void {
  const all = new Map(store.get())
  if (secrets === null) all.delete(service)
  else all.set(service, { ...secrets, at: elapsed() })
  store.set(all)
}

export function learnCurrent(service: string, value: string): void {
  keep(service, { current: value, next: null })
}

export function learnNext(service: string, value: string): void {
  keep(service, { ...knownSecrets(service), next: value })
}

/** The new secret has taken the old one's place. */
export function takeNext(service: string): void {
  const { next } = knownSecrets(service)
  keep(service, next === null ? null : { current: next, next: null })
}

/** A rotation was given up. */
export function forgetNext(service: string): void {
  const { current } = knownSecrets(service)
  keep(service, current === null ? null : { current, next: null })
}

export function forgetSecrets(service: string): void {
  keep(service, null)
}

/**
 * Forgets what someone else has overtaken: the secret is gone, or a rotation ended elsewhere, one way or the other.
 * `asked`: when the answer was asked for; what was told after that it cannot know.
 */
export function forgetOvertaken(services: readonly Pick<ServiceLockdown, 'id' | 'header' | 'rotating'>[], asked: number): void {
  for (const [id, { next, at }] of store.get()) {
    const service = services.find((other) => other.id === id)
    const holds = service !== undefined && service.header !== null && (next === null || service.rotating)
    if (at <= asked && !holds) keep(id, null)
  }
}
