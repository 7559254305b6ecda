import { randomBytes } from 'node:crypto'
import type { ConfigDocument } from '../../contract/config/document'
import { MASK } from '../../contract/config/lockdown'
import type { ServiceDocument } from '../../contract/config/service'
import type { Issue } from '../../contract/issue'

/** Shorter secrets are taken, and told of. */
const STRONG = 16

/** 256 bits, in characters that every server's configuration takes as they are. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** The secret that a service had before it was deleted: bringing it back must not lock it out. */
export type EarlierSecret = (service: string) => SecretHeader | undefined

export type SecretHeader = NonNullable<NonNullable<ServiceDocument['lockdown']>['secretHeader']>

/** The document as it may be shown: every secret is a mask. */
export function masked(document: ConfigDocument): ConfigDocument {
  return withHeaders(document, ({ name, next }) => ({
    ...(name === undefined ? {} : { name }),
    value: MASK,
    ...(next === undefined ? {} : { next: MASK }),
  }))
}

/** A document of a revision may be of an older version, or damaged: what is no document is shown as it is. */
export function maskedIfDocument(document: unknown): unknown {
  return isRecord(document) && Array.isArray(document['services'])
    ? { ...document, services: document['services'].map(maskService) }
    : document
}

function maskService(service: unknown): unknown {
  const header = headerOf(service)
  if (header === null || !isRecord(service) || !isRecord(service['lockdown'])) return service
  return {
    ...service,
    lockdown: { ...service['lockdown'], secretHeader: { ...header, value: MASK, ...('next' in header ? { next: MASK } : {}) } },
  }
}

/**
 * A document from outside with its secrets in place: a mask stands for the secret that the service has, and one that is
 * left out, or whose secret nobody knows, is made. `notes`: where one was made.
 */
export function unmasked(
  input: unknown,
  current: ConfigDocument,
  earlier: EarlierSecret = () => undefined,
): { readonly document: unknown; readonly notes: readonly Issue[] } {
  if (!isRecord(input) || !Array.isArray(input['services'])) return { document: input, notes: [] }
  const notes: Issue[] = []
  const services: unknown[] = input['services'].map((service: unknown, index) => {
    const header = headerOf(service)
    if (header === null || !isRecord(service) || !isRecord(service['lockdown'])) return service
    const known = knownSecret(service, current) ?? earlier(String(service['id']))
    const { next: _next, ...rest } = header
    const place = `services[${index}].lockdown.secretHeader.value`
    const value = header['value'] === undefined || header['value'] === MASK ? (known?.value ?? made(notes, place)) : header['value']
    if (typeof value === 'string' && value !== known?.value && value.length < STRONG)
      notes.push({
        path: place,
        message: `this secret is short enough to be guessed; use ${STRONG} characters, or leave it out to have one made`,
      })
    const next = header['next'] === MASK ? known?.next : header['next']
    return { ...service, lockdown: { ...service['lockdown'], secretHeader: { ...rest, value, ...(next === undefined ? {} : { next }) } } }
  })
  return { document: { ...input, services }, notes }
}

/** The secret of the service itself, or, where it is a clone or got another id, of one with the very same backends: they know it. */
function knownSecret(service: Record<string, unknown>, current: ConfigDocument): SecretHeader | undefined {
  const services = current.services ?? []
  const own = services.find(({ id }) => id === service['id'])
  if (own?.lockdown?.secretHeader !== undefined) return own.lockdown.secretHeader
  const urls = urlsOf(service['backends'])
  return services.find(({ backends, lockdown }) => lockdown?.secretHeader !== undefined && urls !== '[]' && urlsOf(backends) === urls)
    ?.lockdown?.secretHeader
}

function urlsOf(backends: unknown): string {
  const urls: unknown[] = Array.isArray(backends) ? backends.map((backend: unknown) => (isRecord(backend) ? backend['url'] : null)) : []
  return JSON.stringify(urls)
}

/** Where a stored document has a mask in place of a secret: that would be sent, and is no secret. */
export function maskIssues(document: ConfigDocument): Issue[] {
  return (document.services ?? []).flatMap(({ lockdown }, index) => {
    const { value, next } = lockdown?.secretHeader ?? {}
    return value === MASK || next === MASK
      ? [
          {
            path: `services[${index}].lockdown.secretHeader.value`,
            message: 'this is the mask of a secret; write the secret itself, or import the file, which makes a new one',
          },
        ]
      : []
  })
}

function made(notes: Issue[], path: string): string {
  notes.push({ path, message: 'a new secret was made, which no backend knows yet; rotate it to see one' })
  return newSecret()
}

function withHeaders(document: ConfigDocument, edit: (header: SecretHeader) => SecretHeader): ConfigDocument {
  if (document.services === undefined) return document
  return {
    ...document,
    services: document.services.map((service) =>
      service.lockdown?.secretHeader === undefined
        ? service
        : { ...service, lockdown: { ...service.lockdown, secretHeader: edit(service.lockdown.secretHeader) } },
    ),
  }
}

function headerOf(service: unknown): Record<string, unknown> | null {
  const lockdown = isRecord(service) ? service['lockdown'] : undefined
  const header = isRecord(lockdown) ? lockdown['secretHeader'] : undefined
  return isRecord(header) ? header : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
