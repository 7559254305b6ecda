import type { BackendStatus, ServiceStatus } from '../../../proxy/contract/status'
import { asSentence, formatSpan } from '../../lib/format'

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
  const cause = asSentence(primary.reason ?? service.reason ?? 'it does not answer')
  const checks = `It is checked every ${formatSpan(health.interval)}`
  if (service.state === 'down') {
    return {
      tone: 'down',
      title: failed.length === 1 ? `${nameOf(primary)} stopped answering. Nobody can open ${service.name}.` : `No backend answers. Nobody can open ${service.name}.`,
      text: `${cause} Visitors see a page that says it is away. ${checks} and comes back by itself.`,
      backend: primary,
    }
  }
  const back = `${checks} and gets its work back after ${health.rise} good ${health.rise === 1 ? 'check' : 'checks'} in a row.`
  return { tone: 'warn', title: `${nameOf(primary)} stopped answering. ${standIn(service, primary)}`, text: `${cause} ${back}`, backend: primary }
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
