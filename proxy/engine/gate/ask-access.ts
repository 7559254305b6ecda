import { plainAddress, parseAddress, type Address } from '../../contract/address'
import type { AccessImpact, AccessQuestion, AccessVerdict } from '../../contract/access-api'
import type { Moment } from '../../contract/clock'
import { hostBitsNote } from '../../contract/host-bits'
import type { Issue } from '../../contract/issue'
import { effectiveClient } from '../access/client-address'
import type { CompiledService, Snapshot } from '../world/snapshot'
import { parseRequestPath } from '../route/request-path'
import type { AccessGate } from './access-gate'
import { blockWords } from './auto-blocks'
import type { Rule } from '../access/compile-access'

type Answer = { readonly ok: true; readonly verdict: AccessVerdict } | { readonly ok: false; readonly issues: Issue[] }

/** What a client would get by a snapshot's rules: the same functions that requests are judged by. */
export function testAccess(question: AccessQuestion, snapshot: Snapshot, gate: AccessGate, now: Moment): Answer {
  const text = plainAddress(question.address.trim())
  const address = parseAddress(text)
  if (address === null) return refuse('address', 'write an IPv4 or IPv6 address, such as 192.168.1.20')
  const service = findService(question, snapshot)
  if (typeof service === 'string') return refuse(question.service === undefined ? 'host' : 'service', service)
  const peer = { text, address }
  const client = question.forwardedFor === undefined ? peer : effectiveClient(peer, [question.forwardedFor], snapshot.trustedProxies)
  return { ok: true, verdict: verdictOf(client, service, snapshot, gate, now) }
}

function findService({ service: id, host, path }: AccessQuestion, snapshot: Snapshot): CompiledService | string {
  if (id !== undefined) return snapshot.services.get(id) ?? `there is no service “${id.slice(0, 63)}”`
  if (host === undefined) return 'give a service, or the host that a visitor asks for'
  const parsed = parseRequestPath(path)
  if (parsed === null) return 'the path is not valid'
  for (const router of snapshot.routers.values()) {
    const result = router.find(host.toLowerCase().replace(/\.$/, ''), parsed)
    if (result.kind === 'found') return result.target
  }
  return `no service answers ${host.slice(0, 253)}`
}

function verdictOf(
  { text, address }: { readonly text: string; readonly address: Address | null },
  service: CompiledService,
  snapshot: Snapshot,
  gate: AccessGate,
  { at, elapsed: lapsed }: Moment,
): AccessVerdict {
  const { access, basicAuth } = service.config
  const rule = service.access.ruleFor(address, at)
  const watched = access.mode === 'watch'
  const common = { service: service.id, client: text, watched, rule: null, notes: [], signIn: false }
  if (snapshot.settings.closed) return { ...common, decision: 'deny', source: 'closed', because: 'everything is closed' }
  const place = snapshot.blocked.find(address, at)
  if (place !== -1) return { ...common, decision: 'deny', source: 'blocked', because: snapshot.blocked.because(place) }
  const block = gate.blocks.find(address, lapsed)
  if (block !== null) return { ...common, decision: 'deny', source: 'automatic', because: blockWords(text, block) }
  const allowed = service.access.decide(address, at) === 'allow'
  const signIn = basicAuth !== undefined && (access.satisfy === 'all' || !allowed)
  const because = service.access.because(address, at)
  const ways =
    signIn && !allowed
      ? `${because}; a password lets it in`
      : watched && !allowed
        ? `${because}; the service only watches, so it gets in all the same`
        : because
  return {
    ...common,
    decision: allowed || watched || (signIn && access.satisfy === 'any') ? 'allow' : 'deny',
    source: rule === null ? 'default' : 'rule',
    rule: rule === null ? null : ruleRow(rule),
    because: ways,
    signIn,
    notes: rule === null ? [] : [hostBitsNote(rule.from)].filter((note) => note !== null),
  }
}

function ruleRow({ index, action, from, list, listIndex, name }: Rule): NonNullable<AccessVerdict['rule']> {
  return {
    index,
    action,
    from,
    ...(list === undefined ? {} : { list }),
    ...(listIndex === undefined ? {} : { listIndex }),
    ...(name === undefined ? {} : { name }),
  }
}

/** Clients of the last hour, and addresses of the console, that `after` refuses and `before` does not. */
export function impactOf(
  before: Snapshot,
  after: Snapshot,
  consoles: readonly string[],
  gate: AccessGate,
  { at, elapsed: lapsed }: Moment,
): Omit<AccessImpact, 'running'> {
  const lost = (service: string, address: Address): boolean => letsIn(before, service, address, at) && !letsIn(after, service, address, at)
  const recent = [...gate.recent.list(lapsed), ...gate.recentForgeable.list(lapsed)].flatMap(({ service, address, requests, lastSeen }) => {
    const parsed = parseAddress(address)
    return parsed !== null && lost(service, parsed) ? [{ address, service, requests, lastSeen, console: consoles.includes(address) }] : []
  })
  const seen = new Set(recent.map(({ service, address }) => `${service} ${address}`))
  const own = consoles.flatMap((address) => {
    const parsed = parseAddress(address)
    if (parsed === null) return []
    return [...after.services.keys()]
      .filter((service) => !seen.has(`${service} ${address}`) && lost(service, parsed))
      .map((service) => ({ address, service, requests: 0, lastSeen: null, console: true }))
  })
  const addresses = [...recent.toSorted((a, b) => b.lastSeen - a.lastSeen), ...own]
  return { addresses: addresses.slice(0, 200), total: new Set(addresses.map(({ address }) => address)).size }
}

/** A service that is gone or switched off refuses nobody in particular. */
function letsIn(snapshot: Snapshot, id: string, address: Address, at: number): boolean {
  const service = snapshot.services.get(id)
  if (service === undefined || !service.config.enabled) return true
  if (snapshot.settings.closed || snapshot.blocked.find(address, at) !== -1) return false
  const { mode, satisfy } = service.config.access
  return mode === 'watch' || (satisfy === 'any' && service.config.basicAuth !== undefined) || service.access.decide(address, at) === 'allow'
}

function refuse(path: string, message: string): Answer {
  return { ok: false, issues: [{ path, message }] }
}
