import { createHash } from 'node:crypto'
import type { Service } from '../../contract/config/service'
import type { OwnCookies } from '../http/cookie'

/**
 * What each service's cookie is called. A browser keeps one cookie of a name for a host, whatever the port (RFC 6265 §8.5) and,
 * since `/` holds `/api` too, whatever the path: services that share a host and a name have a name of their own each, or each
 * would take the other's visitors off their backends. Null: none of the service's cookies is the gateway's business.
 */
export function compileOwnCookies(services: readonly Service[]): (service: Service) => OwnCookies | null {
  const sticky = services.filter(({ balance }) => balance.sticky !== undefined)
  return (service) => {
    const cookie = service.balance.sticky?.cookie
    const neighbours = sticky.filter(({ id, hosts }) => id !== service.id && overlap(hosts, service.hosts))
    const [alike, unlike] = [neighbours.filter((one) => named(one) === cookie), neighbours.filter((one) => named(one) !== cookie)]
    const others = [...new Set(unlike.flatMap(namesOf))]
    if (cookie === undefined) return others.length === 0 ? null : { name: null, formerly: [], kept: [], others }
    const own = ownName(cookie, service.id)
    const isShared = alike.length > 0
    return {
      name: isShared ? own : cookie,
      formerly: [isShared ? cookie : own],
      kept: [...new Set([service, ...alike].flatMap(namesOf))],
      others,
    }
  }
}

function named({ balance }: Service): string | undefined {
  return balance.sticky?.cookie
}

function namesOf({ id, balance }: Service): string[] {
  return balance.sticky === undefined ? [] : [balance.sticky.cookie, ownName(balance.sticky.cookie, id)]
}

/** Tells services apart without telling what they are called. */
function ownName(cookie: string, service: string): string {
  return `${cookie}-${createHash('sha256').update(service).digest('hex').slice(0, 8)}`
}

/** Whether one host can be asked for both. */
function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((a) => others.some((b) => a === '*' || b === '*' || a === b || isBelow(a, b) || isBelow(b, a)))
}

/** Whether a name, or a wildcard for names, lies below a wildcard. */
function isBelow(host: string, wildcard: string): boolean {
  return wildcard.startsWith('*.') && host.endsWith(wildcard.slice(1))
}
