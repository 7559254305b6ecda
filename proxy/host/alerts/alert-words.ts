import type { Config } from '../../contract/config/document'
import type { Service } from '../../contract/config/service'
import { healthKind } from '../../contract/health-kind'
import { type Found, placeOf } from './found'

export interface Words {
  readonly title: string
  readonly text: string
}

/** What is wrong with the services of one alarm. */
export function alarmWords(machine: string, found: readonly Found[]): Words {
  const [first] = found
  if (first === undefined) return { title: '', text: '' }
  const { event, level, name } = first
  const why = event.backend?.reason ?? event.reason ?? 'it does not answer'
  if (found.length > 1) {
    const places = new Set(found.map((entry) => placeOf(entry.event)))
    const where = places.size === 1 && event.backend !== null ? `${event.backend.id} (${placeOf(event)})` : `Backends on ${machine}`
    return {
      title: `${found.length} services need attention`,
      text: `${where}: ${why}. ${found.map((entry) => entry.name).join(', ')}.`,
    }
  }
  const title = level === 'down' ? `${name} is down` : event.onBackup ? `${name} is on its backup` : `${name} needs attention`
  const what = event.backend === null ? upperFirst(why) : `${event.backend.id}: ${why}`
  return {
    title,
    text: `${what}.${level === 'down' ? ' Nobody can be served.' : event.onBackup ? ' A backup answers; visitors notice nothing.' : ' The other backends answer.'}`,
  }
}

/** That it is over; with `failed` how often it came and went before it settled. */
export function backWords(
  names: readonly string[],
  wasDown: boolean,
  away: number,
  failed: { readonly times: number; readonly within: number } | null,
): Words {
  const who = names.length === 1 ? `${names[0]} is` : `${names.length} services are`
  const list = names.length === 1 ? '' : `${names.join(', ')}. `
  const how =
    failed !== null
      ? `Failed ${failed.times} times in ${longSpan(failed.within)}${wasDown ? '.' : '; visitors were served all the while.'}`
      : wasDown
        ? `It was away for ${shortSpan(away)}.`
        : `After ${shortSpan(away)}; visitors were served all the while.`
  return { title: `${who} ${wasDown ? 'back' : 'well again'}`, text: `${list}${how}` }
}

/** That there is nothing to tell any more, which says nothing of whether it would answer. */
export function plannedWords(names: readonly string[], why: string): Words {
  return {
    title: names.length === 1 ? `The alarm of ${names[0]} has ended` : `The alarm of ${names.length} services has ended`,
    text: `${names.length === 1 ? '' : `${names.join(', ')}. `}${why}, as planned.`,
  }
}

/** Why nobody wants to hear of a service, whatever it is like; null where they do. */
export function whyUnwanted(config: Config, id: string, now: number): string | null {
  const service = config.services.find((other) => other.id === id)
  if (service === undefined) return 'The service was removed'
  if (!service.enabled) return 'The service is switched off'
  if (service.maintenance.mode === 'on') return 'Visitors get the maintenance page'
  const { mute, muteUntil } = service.alerts
  return mute || (muteUntil !== undefined && Date.parse(muteUntil) > now) ? 'Its alerts are muted' : null
}

/** What somebody did to the backends that were down (id and URL), if it was that which ended it; else null. */
export function whyTakenOut(config: Config, id: string, down: ReadonlyMap<string, string>): string | null {
  const service = config.services.find((other) => other.id === id)
  if (service === undefined || down.size === 0) return null
  if (healthKind(service) === 'off') return 'Its health is not checked any more'
  const reasons = [...down].map(([backend, url]) => doneTo(service, backend, url))
  return reasons.includes(null) ? null : reasons.join(', ')
}

function doneTo(service: Service, backend: string, url: string): string | null {
  const now = service.backends.find((one) => one.id === backend)
  if (now === undefined) return `${backend} was removed`
  if (now.state === 'draining') return `${backend} is being drained`
  if (now.state === 'maintenance') return `${backend} is in maintenance`
  return now.url === url ? null : `${backend} has another address`
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function shortSpan(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  return minutes < 1 ? `${Math.max(1, Math.round(ms / 1_000))} s` : `${minutes} min`
}

function longSpan(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.max(1, Math.round(ms / 1_000))} seconds`
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}
