import type { Attempt, ServiceLockdown } from '../../../proxy/contract/lockdown-api'

/** What came of an attempt; `fits` is null where it proves nothing either way. */
export interface AttemptResult {
  readonly outcome: string
  readonly fits: boolean | null
}

/** One thing that was tried, and what came of it at each backend, in the backends' order; null: not tried there. */
export interface AttemptRow {
  readonly what: Attempt['what']
  readonly name: string
  readonly results: readonly (AttemptResult | null)[]
}

const ORDER: readonly Attempt['what'][] = ['as-gateway', 'direct', 'made-up', 'next', 'own-address']

/** The rows of the table: what was tried anywhere, or, before the first time, what will be. */
export function attemptRows({
  methods,
  rotating,
  backends,
}: Pick<ServiceLockdown, 'methods' | 'rotating' | 'backends'>): readonly AttemptRow[] {
  const tried = backends.flatMap(({ proof }) => proof?.attempts ?? [])
  const secret = methods.includes('secret')
  const planned: readonly Pick<Attempt, 'what' | 'name'>[] = [
    { what: 'as-gateway', name: 'Through AstroRelay' },
    { what: 'direct', name: 'Straight to the backend' },
    ...(secret ? [{ what: 'made-up' as const, name: 'With a made-up secret' }] : []),
    ...(secret && rotating ? [{ what: 'next' as const, name: 'With the new secret' }] : []),
  ]
  const named = new Map((tried.length === 0 ? planned : tried).map(({ name, what }) => [name, what]))
  return [...named]
    .toSorted(([, a], [, b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([name, what]) => ({
      what,
      name,
      results: backends.map(({ proof }) =>
        resultOf(
          proof?.attempts.find((attempt) => attempt.name === name),
          methods,
        ),
      ),
    }))
}

/** Rules by address let this computer in, so that it is answered straight says nothing about others. */
function resultOf(attempt: Attempt | undefined, methods: ServiceLockdown['methods']): AttemptResult | null {
  if (attempt === undefined) return null
  const { what, outcome, fits } = attempt
  const byAddress = methods.length > 0 && methods.every((method) => method === 'network')
  return { outcome, fits: what === 'direct' && byAddress && !fits ? null : fits }
}
