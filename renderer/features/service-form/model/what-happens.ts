import { commonListeners } from '../../../../proxy/contract/expose'
import { parseBackendUrl } from '../../../../proxy/contract/backend-url'
import { parseDuration } from '../../../../proxy/contract/config/scalars'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { formatNumberOf, formatSpan } from '../../../lib/format'
import type { AccessChoice } from './access-choice'
import type { ServiceDraft } from './draft'
import { NEXT_REQUEST } from './policies'
import { normalise } from './typed-address'

/** One station of a request's way, in words. */
export interface Step {
  readonly station: 'visitors' | 'address' | 'gateway' | 'backends'
  readonly title: string
  readonly text: string
}

export interface HappensContext {
  readonly document: ConfigDocument
  /** Subnets of this office network. */
  readonly networks: readonly string[]
  /** Addresses by which other machines reach this one. */
  readonly addresses: readonly string[]
}

/** What saving the form would do, from the visitor to the backend. */
export function whatHappens(typed: ServiceDraft, context: HappensContext): Step[] {
  const draft = normalise(typed)
  return [visitors(draft, context), address(draft, context), gateway(draft), backends(draft)]
}

const WHO: Readonly<Record<AccessChoice, string>> = {
  self: 'This computer only',
  network: 'Devices on this office network',
  lan: 'Devices with a private address',
  vpn: 'Devices on the VPN',
  anyone: 'Anyone',
  custom: 'Whoever the rules let in',
}

function visitors(draft: ServiceDraft, { networks }: HappensContext): Step {
  const text = {
    self: 'Everyone else is refused',
    network: `${networks.length > 0 ? `${networks.join(', ')}, and` : ''} this computer. Everyone else is refused.`.trim(),
    lan: '192.168.x, 10.x, 172.16–31.x, fc00::/7, and this computer. Everyone else is refused.',
    vpn: '100.64.0.0/10, as Tailscale has it. Everyone else is refused.',
    anyone: 'The internet too, once your router forwards the port',
    custom: draft.rules.length === 0 ? (draft.otherwise === 'deny' ? 'There are no rules, and everyone else is refused: nobody gets in' : 'There are no rules, and everyone is let in') : `In order; the first that matches decides. Everyone else is ${draft.otherwise === 'deny' ? 'refused' : 'let in'}.`,
  } as const satisfies Record<AccessChoice, string>
  const watched = draft.watch && draft.access !== 'anyone' ? ' For now it only watches: nobody is refused.' : ''
  const password = draft.users.length === 0 ? '' : draft.satisfy === 'any' && draft.access !== 'anyone' ? ' A password lets in anybody else.' : ' A name and a password are asked for.'
  return { station: 'visitors', title: WHO[draft.access], text: `${capital(text[draft.access])}${password}${watched}` }
}

function address(draft: ServiceDraft, { document, addresses }: HappensContext): Step {
  const listeners = document.listeners ?? []
  const ids = draft.keptListeners ?? commonListeners(document)
  const ports = draft.port === '' ? listeners.filter(({ id }) => ids.includes(id)).map(({ port }) => port) : [Number(draft.port)]
  const hosts = draft.hosts.filter((host) => host !== '')
  const opens = draft.port !== '' && !listeners.some(({ port }) => String(port) === draft.port)
  const text = [
    hosts.length > 1 ? `and ${formatNumberOf(hosts.length - 1, 'more name')}` : hosts.length === 0 ? 'Any host name that leads here' : '',
    draft.path === '' ? '' : `Only ${draft.path} and below; a longer path of another service goes first`,
    opens ? `Opens port ${draft.port} on this machine` : '',
    ports.length > 1 ? `On ports ${ports.join(' and ')}` : '',
  ]
  return { station: 'address', title: addressInWords(hosts[0] ?? addresses[0] ?? 'this machine', ports[0], draft.path), text: sentences(text) }
}

/** `http://wiki.office.lan`, with the port where it is not the scheme's own. */
export function addressInWords(host: string, port: number | undefined, path: string): string {
  const name = host.includes(':') ? `[${host}]` : host
  return `http://${name}${port === undefined || port === 80 || Number.isNaN(port) ? '' : `:${port}`}${path}`
}

function gateway(draft: ServiceDraft): Step {
  const text = [
    'Passes requests on and keeps the backend’s address to itself',
    draft.stripPath && draft.path !== '' ? `Takes ${draft.path} off first` : '',
    draft.sendHost === 'backend' ? 'Asks the backend by its own name' : '',
    draft.advanced.maxBody.trim() === '' ? '' : `Refuses uploads over ${draft.advanced.maxBody.trim()}`,
  ]
  return { station: 'gateway', title: 'AstroRelay', text: sentences(text) }
}

function backends(draft: ServiceDraft): Step {
  const primaries = draft.backends.filter(({ role }) => role === 'primary').map(({ url }) => placeOf(url))
  const backups = draft.backends.filter(({ role }) => role === 'backup').map(({ url }) => placeOf(url))
  const unverified = draft.backends.filter(({ url, verify }) => !verify && url.startsWith('https:')).map(({ url }) => placeOf(url))
  const text = [
    primaries.length > 1 ? NEXT_REQUEST[draft.policy] : '',
    backups.length > 0 ? `${list(backups)} ${backups.length > 1 ? 'take' : 'takes'} over when ${primaries.length > 1 ? 'none of them' : 'it does not'} answer${primaries.length > 1 ? 's' : ''}` : '',
    unverified.length > 0 ? `Whoever answers at ${list(unverified)} is believed` : '',
    checks(draft),
  ]
  return { station: 'backends', title: primaries.length > 1 ? `${primaries.length} primaries share the work` : `${primaries[0] ?? 'A backend'} answers`, text: sentences(text) }
}

/** As the schema has it. */
const DEFAULT_INTERVAL = '5s'

function checks({ healthType, advanced }: ServiceDraft): string {
  if (healthType === 'off') return 'Not checked'
  const path = advanced['health.path'].trim()
  const interval = parseDuration(advanced['health.interval'].trim() || DEFAULT_INTERVAL)
  const what = path === '' || healthType === 'tcp' ? 'Checked' : `Asked for ${path}`
  return interval === null ? what : `${what} every ${formatSpan(interval)}`
}

function placeOf(url: string): string {
  const parsed = parseBackendUrl(url)
  if (typeof parsed === 'string') return url === '' ? 'a backend' : url
  return `${parsed.host.includes(':') ? `[${parsed.host}]` : parsed.host}:${parsed.port}`
}

function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

function sentences(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').map(capital).join('. ')
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
