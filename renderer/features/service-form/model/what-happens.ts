import { commonListeners } from '../../../../proxy/contract/expose'
import { PRESET_BLOCKS } from '../../../../proxy/contract/config/access'
import { DEFAULTS } from '../../../../proxy/contract/config/facts'
import { HOSTED_OMITTED } from '../../../../proxy/contract/config/hosted'
import { parseDuration } from '../../../../proxy/contract/config/scalars'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { formatNumberOf, formatSpan } from '../../../lib/format'
import type { AccessChoice } from './access-choice'
import { protocolOf, type ServiceDraft } from './draft'
import { folderName } from './files-draft'
import { hostFor, reachOf } from './listeners'
import { nextOne } from './policies'
import type { Greeting } from './presets'
import { normalise } from './typed-address'
import { capital, list, placeOf, sentences } from './words'

/** One station of a request's way, in words. */
export interface Step {
  readonly station: 'visitors' | 'address' | 'gateway' | 'backends' | 'folder' | 'target'
  readonly title: string
  readonly text: string
}

export interface HappensContext {
  readonly document: ConfigDocument
  /** Subnets of this office network. */
  readonly networks: readonly string[]
  /** Addresses by which other machines reach this one. */
  readonly addresses: readonly string[]
  /** The address that the service would listen on; all of them unless told. */
  readonly listensOn?: string
}

/** What saving the form would do, from the visitor to the backend. */
export function whatHappens(typed: ServiceDraft, context: HappensContext): Step[] {
  const draft = normalise(typed)
  const first = visitors(draft, context)
  if (draft.kind === 'files') return [first, address(draft, context), readsFolder(draft), folder(draft)]
  if (draft.kind === 'redirect') return [first, address(draft, context), sendsOn(draft), target(draft)]
  if (draft.kind === 'machine') return [first, machinePort(draft, context), passesBytes(draft), backends(draft)]
  return [first, address(draft, context), gateway(draft), backends(draft)]
}

/** Every address of IPv4. */
const ALL = DEFAULTS.listener.address

/** What the rules say of others is idle where the listener is on loopback. */
function onlySelf(listensOn: string): string {
  return reachOf(listensOn) === 'self' ? `Listens on ${listensOn}: only this computer can connect` : ''
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
    vpn: `${PRESET_BLOCKS.vpn.join(', ')}, as Tailscale has it. Everyone else is refused.`,
    anyone: 'The internet too, once your router forwards the port',
    custom:
      draft.rules.length === 0
        ? draft.otherwise === 'deny'
          ? 'There are no rules, and everyone else is refused: nobody gets in'
          : 'There are no rules, and everyone is let in'
        : `In order; the first that matches decides. Everyone else is ${draft.otherwise === 'deny' ? 'refused' : 'let in'}.`,
  } as const satisfies Record<AccessChoice, string>
  const watched = draft.watch && draft.access !== 'anyone' ? ' For now it only watches: nobody is refused.' : ''
  const password =
    draft.users.length === 0 || draft.kind === 'machine'
      ? ''
      : draft.satisfy === 'any' && draft.access !== 'anyone'
        ? ' A password lets in anybody else.'
        : ' A name and a password are asked for.'
  return { station: 'visitors', title: WHO[draft.access], text: `${capital(text[draft.access])}${password}${watched}` }
}

function address(draft: ServiceDraft, { document, addresses, listensOn = ALL }: HappensContext): Step {
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
    onlySelf(listensOn),
  ]
  return {
    station: 'address',
    title: addressInWords(hosts[0] ?? hostFor(listensOn, addresses, 'this machine'), ports[0], draft.path),
    text: sentences(text),
  }
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
    primaries.length > 1 ? nextOne(draft.policy, draft.kind) : '',
    backups.length > 0
      ? `${list(backups)} ${backups.length > 1 ? 'take' : 'takes'} over when ${primaries.length > 1 ? 'none of them' : 'it does not'} answer${primaries.length > 1 ? 's' : ''}`
      : '',
    unverified.length > 0 ? `Whoever answers at ${list(unverified)} is believed` : '',
    checks(draft),
  ]
  return {
    station: 'backends',
    title: primaries.length > 1 ? `${primaries.length} primaries share the work` : `${primaries[0] ?? 'A backend'} answers`,
    text: sentences(text),
  }
}

/** The machine’s port on the gateway, as its address is given to people. */
function machinePort(draft: ServiceDraft, { document, addresses, listensOn = ALL }: HappensContext): Step {
  const protocol = protocolOf(draft)
  const names = draft.hosts.filter((host) => host !== '')
  const kept = (document.listeners ?? []).filter(({ id }) => draft.keptListeners?.includes(id)).map(({ port }) => String(port))
  const ports = draft.keptListeners === null ? [draft.port] : kept
  const open = (document.listeners ?? []).some(
    ({ port, protocol: spoken }) => ports.includes(String(port)) && (spoken === 'udp') === (protocol === 'udp'),
  )
  const text = [
    open || draft.port === '' ? '' : `Opens ${protocol.toUpperCase()} port ${draft.port} on this machine`,
    protocol === 'tcp' && names.length > 0 ? `Only connections with TLS that ask for ${list(names)}` : '',
    ports.length > 1 ? `On ports ${list(ports)}` : '',
    onlySelf(listensOn),
  ]
  const host = names[0] ?? hostFor(listensOn, addresses, 'this machine')
  return { station: 'address', title: `${host.includes(':') ? `[${host}]` : host}:${ports[0] || '…'}`, text: sentences(text) }
}

function passesBytes(draft: ServiceDraft): Step {
  const what =
    protocolOf(draft) === 'udp'
      ? 'Passes datagrams on as they come'
      : 'Passes connections on as they come; what is said in them stays between the two ends'
  return { station: 'gateway', title: 'AstroRelay', text: sentences([what, 'Keeps the machine’s address to itself']) }
}

function readsFolder(draft: ServiceDraft): Step {
  const text = [
    'Reads files and sends them; nothing in the folder can be changed',
    draft.dotFiles ? '' : 'Leaves out hidden files, whose names begin with a dot',
  ]
  return { station: 'gateway', title: 'AstroRelay', text: sentences(text) }
}

function folder(draft: ServiceDraft): Step {
  const names = draft.index
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const text = [
    `A folder shows its ${names.length === 0 ? HOSTED_OMITTED.index.join(' or ') : names.join(' or ')}${draft.listing ? ', or else a list of what is in it' : ''}`,
    draft.fallback.trim() === '' ? '' : `Pages that are not there show ${draft.fallback.trim()}`,
  ]
  return { station: 'folder', title: folderName(draft.root) || 'A folder', text: sentences(text) }
}

function sendsOn(draft: ServiceDraft): Step {
  return {
    station: 'gateway',
    title: 'AstroRelay',
    text: draft.forGood
      ? 'Tells browsers that the address has moved for good. They remember it, also after you change it here.'
      : 'Sends browsers on, each time anew',
  }
}

function target(draft: ServiceDraft): Step {
  const text = draft.keepPath ? 'Path and query of what was asked for are added' : 'Whatever was asked for, this is what opens'
  return { station: 'target', title: draft.to === '' ? 'Another address' : draft.to, text }
}

const GREETS = {
  none: 'Checked',
  ssh: 'Its SSH greeting is checked',
  rdp: 'Its Remote Desktop greeting is checked',
  tls: 'Its TLS greeting is checked',
  mysql: 'Its MySQL greeting is checked',
} as const satisfies Readonly<Record<Greeting, string>>

function checks(draft: ServiceDraft): string {
  const { healthType, advanced } = draft
  const protocol = protocolOf(draft)
  if (healthType === 'off' || (healthType === 'auto' && protocol === 'udp')) return 'Not checked'
  const path = advanced['health.path'].trim()
  const typed = advanced['health.interval'].trim()
  const interval = typed === '' ? DEFAULTS.service.health.interval : parseDuration(typed)
  const what = protocol === 'tcp' ? GREETS[draft.greeting] : path === '' || healthType === 'tcp' ? 'Checked' : `Asked for ${path}`
  return interval === null ? what : `${what} every ${formatSpan(interval)}`
}
