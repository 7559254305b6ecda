import type { Proof, ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { formatMoment, formatNumberOf } from '../../lib/format'
import { type LockState, lockStateOf, namesOf, stateOfService } from './lock-words'

/** What the attempts on a service's backends come to. */
export interface Verdict {
  readonly state: LockState
  readonly tone: 'ok' | 'warn' | 'down' | 'checking' | 'off'
  readonly title: string
  readonly text: string
}

const TONES: Readonly<Record<LockState, Verdict['tone']>> = {
  open: 'warn',
  broken: 'down',
  none: 'off',
  unreachable: 'down',
  unproven: 'warn',
  unchecked: 'checking',
  locked: 'ok',
}

/** The worst of a service's backends decides the title; each that is not locked has its say. */
export function verdictOf(service: ServiceLockdown): Verdict {
  const { methods, backends } = service
  const state = stateOfService(service)
  const alike = backends.filter(({ proof }) => lockStateOf(methods, proof) === state)
  const text =
    state === 'locked'
      ? lockedWords(service)
      : unique(backends.flatMap(({ proof }) => (proof === null || proof.state === 'locked' ? [] : [proof.text]))).join(' ')
  return {
    state,
    tone: TONES[state],
    title: titleOf(state, namesOf(alike), alike.length > 1),
    text: text === '' ? emptyWords(state) : text,
  }
}

function titleOf(state: LockState, names: string, several: boolean): string {
  switch (state) {
    case 'open':
      return `${names} still ${several ? 'answer' : 'answers'} without the gateway`
    case 'broken':
      return `${names} ${several ? 'refuse' : 'refuses'} the gateway, too`
    case 'unreachable':
      return `${names} ${several ? 'do' : 'does'} not answer`
    case 'unproven':
      return 'Not proven'
    case 'unchecked':
      return 'Not checked yet'
    case 'none':
      return 'Not locked down'
    case 'locked':
      return 'Direct access is refused'
    default:
      return state satisfies never
  }
}

/** Attempts that went around the gateway. */
const AROUND: readonly Proof['attempts'][number]['what'][] = ['direct', 'made-up']

function lockedWords({ backends }: ServiceLockdown): string {
  const proofs = backends.flatMap(({ proof }) => (proof === null ? [] : [proof]))
  const refused = proofs.flatMap(({ attempts }) => attempts).filter(({ what, fits }) => AROUND.includes(what) && fits).length
  // Locked without a refusal: nothing but this computer reaches it, and that is what there is to say.
  if (refused === 0) return unique(proofs.map(({ text }) => text)).join(' ')
  const notYet = proofs.some(({ attempts }) => attempts.some(({ what, fits }) => what === 'next' && !fits))
  return `${namesOf(backends)} turned away ${refused === 1 ? 'the attempt' : `all ${formatNumberOf(refused, 'attempt')}`} that skipped the gateway.${notYet ? ' Not every backend takes the new secret yet.' : ''} Tried again once a day.`
}

function emptyWords(state: LockState): string {
  return state === 'none' ? 'Choose how the backends shall know the gateway.' : 'Verify tries to get past the gateway to each backend.'
}

/** What the step *Verify* says below its name: `Passed at 14:25`. */
export function verifyWords(service: ServiceLockdown, now: number): string {
  // Without a method the proof is of how open it was.
  if (service.methods.length === 0) return 'Not checked yet'
  const state = stateOfService(service)
  const times = service.backends.flatMap(({ proof }) => (proof === null ? [] : [proof.at]))
  if (times.length === 0) return 'Not checked yet'
  const at = formatMoment(Math.min(...times), now)
  return state === 'locked' ? `Passed at ${at}` : `Not passed at ${at}`
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
