import { parseBackendUrl } from '../../../proxy/contract/backend-url'
import { SECRET_HEADER } from '../../../proxy/contract/config/lockdown'
import { MASK } from '../../../proxy/contract/config/secret'
import type { LockdownChoice, ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { gatewayFor, lockdownTexts } from '../../../proxy/contract/lockdown-text'
import type { KnownSecrets } from './known-secrets'

/** A backend's text for one program: as it is shown, and as it is copied. */
export interface BackendText {
  readonly id: string
  readonly name: string
  readonly where: string
  readonly text: string
  readonly copy: string
  /** What has to be done with the copy; null: it can be used as it is. */
  readonly note: string | null
}

interface Asked {
  readonly service: Pick<ServiceLockdown, 'header' | 'rotating'>
  readonly url: string
  readonly method: LockdownChoice
  readonly gateway: readonly string[]
  readonly known: Pick<KnownSecrets, 'current' | 'next'>
  /** Whether known secrets are shown; copied they are in any case. */
  readonly shown: boolean
}

/** What to set up on a backend. What is not known here stands masked. */
export function backendTexts({ service, url, method, gateway, known, shown }: Asked): readonly BackendText[] {
  const parsed = parseBackendUrl(url)
  if (typeof parsed === 'string') return []
  const facts = {
    method,
    gateway: gatewayFor(parsed.host, gateway),
    host: parsed.host,
    port: parsed.port,
    transport: parsed.scheme === 'udp' ? ('udp' as const) : ('tcp' as const),
    header: service.header ?? SECRET_HEADER,
  }
  const copies = lockdownTexts({ ...facts, secrets: secretsOf(service.rotating, known) })
  const texts = shown ? copies : lockdownTexts({ ...facts, secrets: secretsOf(service.rotating, { current: null, next: null }) })
  return texts.map((text, at) => ({
    ...text,
    copy: copies[at]?.text ?? text.text,
    note: maskNote(copies[at]?.text ?? text.text, service.rotating, known),
  }))
}

/** The values that a backend accepts. Two masks have to differ, or one line would stand for both. */
export function secretsOf(rotating: boolean, { current, next }: Pick<KnownSecrets, 'current' | 'next'>): readonly string[] {
  return rotating ? [current ?? `old-${MASK}`, next ?? `new-${MASK}`] : [current ?? MASK]
}

/** A mask in a text that is copied is no secret: whoever pastes it has to put that in. */
function maskNote(copy: string, rotating: boolean, known: Asked['known']): string | null {
  const masks = secretsOf(rotating, known).filter((value) => value.includes(MASK) && copy.includes(value))
  const names = masks.map((mask) => `${mask} with the ${!rotating ? '' : mask.startsWith('old-') ? 'old ' : 'new '}secret`)
  return names.length === 0 ? null : `The copy holds no secret: replace ${names.join(' and ')}.`
}

/** What has to be said beside a text with a secret in it; null: nothing. */
export function secretNote(rotating: boolean, { current, next }: Pick<KnownSecrets, 'current' | 'next'>): string | null {
  if (!rotating)
    return current === null
      ? 'The secret was shown once, when it was made. “Make a new secret” gives another.'
      : 'Copy it now: after a reload of this window nobody can read it again.'
  if (next === null) return 'The new secret was shown once, when it was made. “Make a new secret” gives another in its place.'
  if (current === null)
    return `Leave the line of the old secret as it stands on the backend, and add the new one. The old one cannot be shown again: “old-${MASK}” holds its place.`
  return 'Backends accept both until the new one is used.'
}
