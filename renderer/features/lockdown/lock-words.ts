import type { Lockdown } from '../../../proxy/contract/config/lockdown'
import type { LockdownChoice, ProofMark, ProofState, ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { formatMoment, formatNumberOf } from '../../lib/format'
import type { StateWords } from '../../lib/state-words'

/** How it stands with a backend's lock: what was proven, or why nothing is known. */
export type LockState = ProofState | 'none' | 'unchecked'

const WORDS: Readonly<Record<LockState, StateWords>> = {
  open: { glyph: 'warn', text: 'Open' },
  broken: { glyph: 'down', text: 'Refuses the gateway' },
  none: { glyph: 'off', text: 'Not locked down' },
  unreachable: { glyph: 'down', text: 'Does not answer' },
  unproven: { glyph: 'checking', text: 'Not proven' },
  unchecked: { glyph: 'checking', text: 'Not checked yet' },
  locked: { glyph: 'ok', text: 'Locked' },
}

/** What needs someone most comes first. */
const URGENCY: readonly LockState[] = ['open', 'broken', 'none', 'unreachable', 'unproven', 'unchecked', 'locked']

export function lockWords(state: LockState): StateWords {
  return WORDS[state]
}

/** Without a proof it depends on whether there is a lock to prove. */
export function lockStateOf(methods: readonly LockdownChoice[], proof: Pick<ProofMark, 'state'> | null | undefined): LockState {
  return proof?.state ?? (methods.length === 0 ? 'none' : 'unchecked')
}

/** The state that needs someone most; without any, nothing is locked down. */
export function worstState(states: readonly LockState[]): LockState {
  return URGENCY.find((state) => states.includes(state)) ?? 'none'
}

export function stateOfService({ methods, backends }: Pick<ServiceLockdown, 'methods' | 'backends'>): LockState {
  return worstState(backends.map(({ proof }) => lockStateOf(methods, proof)))
}

/** The services' ids, those that need someone first, otherwise as they stand in the document. */
export function orderOf(services: readonly ServiceLockdown[]): readonly string[] {
  return services.toSorted((a, b) => urgencyOf(a) - urgencyOf(b)).map(({ id }) => id)
}

function urgencyOf(service: ServiceLockdown): number {
  return URGENCY.indexOf(stateOfService(service))
}

/** Services in an order found before: a new state must not move a row away under the pointer. New ones go first. */
export function inOrder(services: readonly ServiceLockdown[], order: readonly string[]): readonly ServiceLockdown[] {
  return services.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
}

/** `Checked 14:25`, `Checked Yesterday, 17:20`. */
export function checkedWords(at: number, now: number): string {
  return `Checked ${formatMoment(at, now)}`
}

/** What a service's lock-down rests on, the strongest first, as the configuration has it. */
export function methodsOf({ secretHeader, proxyProtocol, network }: Lockdown): readonly LockdownChoice[] {
  return [
    ...(secretHeader === undefined ? [] : ['secret' as const]),
    ...(proxyProtocol === 'off' ? [] : ['proxy' as const]),
    ...(network ? ['network' as const] : []),
  ]
}

const METHODS: Readonly<Record<LockdownChoice, string>> = { secret: 'Secret header', proxy: 'PROXY protocol', network: 'Network rules' }

export function methodName(method: LockdownChoice): string {
  return METHODS[method]
}

/** `Secret header, PROXY protocol v2`. */
export function methodWords({ methods, proxyProtocol }: Pick<ServiceLockdown, 'methods' | 'proxyProtocol'>): string {
  return methods
    .map((method) => (method === 'proxy' && proxyProtocol !== 'off' ? `${METHODS.proxy} ${proxyProtocol}` : METHODS[method]))
    .join(', ')
}

/** `app-1`, `app-1 and app-4`, `app-1, app-2 and app-3`, `5 backends`. */
export function namesOf(backends: readonly { readonly id: string }[]): string {
  const ids = backends.map(({ id }) => id)
  if (ids.length > 3) return formatNumberOf(ids.length, 'backend')
  return ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1) ?? ''}`
}
