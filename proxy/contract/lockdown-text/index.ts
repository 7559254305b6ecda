import { dockerText } from './docker'
import type { LockdownFacts, LockdownText } from './facts'
import { firewallTexts } from './firewalls'
import { programTexts } from './programs'
import { unique } from './quote'
import { webServerTexts } from './web-servers'

/** A backend on this computer is reached from loopback: rules by address have to let that in, or they refuse the gateway. `gateway`: its other addresses. */
export function gatewayFor(host: string, gateway: readonly string[]): readonly string[] {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host) ? [...gateway, '127.0.0.1', '::1'] : gateway
}

/** The texts that close a backend to everyone but the gateway, for the method it is closed by. */
export function lockdownTexts(given: LockdownFacts): readonly LockdownText[] {
  const facts = { transport: 'tcp' as const, ...given, gateway: unique(given.gateway), secrets: unique(given.secrets) }
  if (facts.method === 'secret') return [...webServerTexts(facts), ...programTexts(facts), dockerText(facts)]
  const closed = [dockerText(facts), ...firewallTexts(facts)]
  if (facts.transport === 'udp') return closed
  // Anyone may send a PROXY header, so that method never goes without a firewall.
  return facts.method === 'proxy' ? [...webServerTexts(facts), ...closed] : [...closed, ...webServerTexts(facts)]
}
