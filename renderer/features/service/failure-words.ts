import type { BackendStatus, ServiceStatus } from '../../../proxy/contract/status'
import { formatSpan, reasonSentence } from '../../lib/format'
import { isMachine } from '../../lib/machine-words'

/** What is wrong with a service: cause, effect and what happens next. */
export interface FailureWords {
  readonly tone: 'down' | 'warn'
  readonly title: string
  readonly text: string
  /** The backend that would have to be looked after. */
  readonly backend: BackendStatus
}

interface Watched {
  readonly interval: number
  readonly rise: number
}

/** Says what is wrong, or null while nothing is. */
export function failureWords(service: ServiceStatus, health: Watched): FailureWords | null {
  // What somebody took out on purpose is nobody's failure.
  const active = service.backends.filter(({ state }) => state === 'active')
  const failed = active.filter(({ health }) => health === 'down')
  const primary = failed.find(({ role }) => role === 'primary') ?? failed[0]
  if (!primary || (service.state !== 'down' && service.state !== 'attention')) return null
  const isStream = isMachine(service)
  const cause = reasonSentence(
    primary.reason ?? service.reason ?? 'it does not answer',
    service.backends.map(({ id }) => id),
  )
  // What takes connections and greets as something else did not stop.
  const odd = isStream && /greeting|is not/.test(primary.reason ?? '')
  const failing = `${nameOf(primary)} ${odd ? 'does not answer as it should' : 'stopped answering'}.`
  const checks = `It is checked every ${formatSpan(health.interval)}`
  if (service.state === 'down') {
    // The gateway never takes the only one out for its checks.
    const passed = isStream && active.length === 1
    const effect = isStream
      ? passed
        ? 'It is the only one, so connections are still passed on.'
        : 'New connections are closed.'
      : 'Visitors see a page that says it is away.'
    const nobody = odd && passed ? '' : ` Nobody can open ${service.name}.`
    return {
      tone: 'down',
      title: failed.length === 1 ? `${failing}${nobody}` : `No backend answers${odd ? ' as it should' : ''}.${nobody}`,
      text: `${cause} ${effect} ${checks} and comes back by itself.`,
      backend: primary,
    }
  }
  const back = `${checks} and gets its work back after ${health.rise} good ${health.rise === 1 ? 'check' : 'checks'} in a row.`
  return { tone: 'warn', title: `${failing} ${standIn(service, primary)}`, text: `${cause} ${back}`, backend: primary }
}

function standIn(service: ServiceStatus, failed: BackendStatus): string {
  const well = service.backends.filter(({ health, state }) => state === 'active' && health !== 'down')
  const primary = well.find(({ role }) => role === 'primary')
  const backup = well.find(({ role }) => role === 'backup')
  if (failed.role === 'backup') return `${service.name} has no stand-in now.`
  if (primary) return 'The others do its work.'
  return backup ? `${service.name} runs on its backup, ${nameOf(backup)}.` : `${service.name} may not answer.`
}

function nameOf({ id, url }: BackendStatus): string {
  return id === 'main' ? url.replace(/^[a-z]+:\/\//, '') : id
}
