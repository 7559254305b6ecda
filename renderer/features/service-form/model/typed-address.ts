import { toAsciiHost } from '../../../lib/idn'
import type { ServiceDraft } from './draft'
import { completeFolder } from './files-draft'
import { completeMachineUrl } from './machine-draft'
import { presetById } from './presets'
import { completeTarget } from './redirect-draft'

/** What one text holds of an address that people paste whole. */
export interface TypedAddress {
  readonly host: string
  /** Null: the text names none. */
  readonly port: string | null
  readonly path: string | null
}

const PARTS = /^(\[[^\]]*\]|[^/:?#]*)(?::(\d*))?(\/[^?#]*)?(?:[?#].*)?$/

/** Takes `http://wiki.office.lan:8082/docs?x` apart; a text that is no address stays the host as it is. */
export function splitAddress(text: string): TypedAddress {
  const trimmed = text.trim()
  const bare = trimmed.replace(/^https?:\/\//i, '')
  const match = PARTS.exec(bare)
  if (!match) return { host: trimmed, port: null, path: null }
  const path = match[3] === undefined || match[3] === '/' ? null : match[3]
  return { host: match[1] === '*' ? '' : (match[1] ?? ''), port: match[2] ? match[2] : null, path }
}

/** Moves scheme, port and path that were pasted into a host field to the fields that are theirs. What is there stays unless named anew. */
export function spreadAddress(draft: ServiceDraft, at: number): ServiceDraft {
  const { host, port, path } = splitAddress(draft.hosts[at] ?? '')
  return {
    ...draft,
    hosts: draft.hosts.map((text, index) => (index === at ? host : text)),
    ...(port === null ? {} : { port, keptListeners: null }),
    ...(path === null ? {} : { path }),
  }
}

/** The whole form with every pasted address taken apart and every backend's scheme in place: what is checked and saved. */
export function normalise(draft: ServiceDraft): ServiceDraft {
  const { protocol, port } = presetById(draft.preset)
  const machine = draft.kind === 'machine'
  const spread = machine
    ? { ...draft, hosts: draft.hosts.map((host) => host.trim()) }
    : draft.hosts.reduce((result, _, at) => spreadAddress(result, at), draft)
  return {
    ...spread,
    name: spread.name.trim(),
    port: spread.port.trim().replace(/^:/, ''),
    path: completePath(spread.path),
    root: completeFolder(spread.root),
    to: completeTarget(spread.to),
    backends: spread.backends.map((backend) => ({
      ...backend,
      url: machine ? completeMachineUrl(backend.url, protocol, port) : completeBackendUrl(backend.url),
    })),
  }
}

/** `docs` is `/docs`, `/` is any path. */
export function completePath(text: string): string {
  const path = text.trim()
  if (path === '' || path === '/') return ''
  return path.startsWith('/') ? path : `/${path}`
}

/** `192.168.1.31:8080` gets `http://`, port 443 `https://`, a bare port this computer; a name in any script its ASCII form. */
export function completeBackendUrl(text: string): string {
  const bare = text.trim()
  if (bare === '') return ''
  if (/^:?\d{1,5}$/.test(bare)) return `http://127.0.0.1:${bare.replace(':', '')}`
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare) ? bare : `${/^[^/]*:443(\/|$)/.test(bare) ? 'https' : 'http'}://${bare}`
  const match = /^([a-z]+:\/\/)([^/:?#@[\]]+)(.*)$/i.exec(withScheme)
  const ascii = match?.[2] === undefined ? null : toAsciiHost(match[2])
  const url = match?.[2] === undefined || ascii === null ? withScheme : `${match[1]}${ascii}${match[3]}`
  // The address bar's trailing slash says nothing; a base path would.
  return /^https?:\/\/[^/]+\/$/i.test(url) ? url.slice(0, -1) : url
}
