import { dockerText } from './docker'
import type { LockdownFacts, LockdownText } from './facts'
import { firewallTexts } from './firewalls'
import { programTexts } from './programs'
import { unique } from './quote'
import { webServerTexts } from './web-servers'

/** The texts that close a backend to everyone but the gateway, for the method it is closed by. */
export function lockdownTexts(given: LockdownFacts): readonly LockdownText[] {
  const facts = { ...given, gateway: unique(given.gateway), secrets: unique(given.secrets) }
  if (facts.method === 'secret') return [...webServerTexts(facts), ...programTexts(facts), dockerText(facts)]
  const closed = [dockerText(facts), ...firewallTexts(facts)]
  // Anyone may send a PROXY header, so that method never goes without a firewall.
  return facts.method === 'proxy' ? [...webServerTexts(facts), ...closed] : [...closed, ...webServerTexts(facts)]
}
