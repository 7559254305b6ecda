import { randomBytes } from 'node:crypto'
import { MASK } from '../../contract/config/secret'
import type { Issue } from '../../contract/issue'
import { type EarlierSecret, MaskedDocument } from '../secrets'

/** Shorter secrets are taken, and told of. */
const STRONG = 16

/** 256 bits, in characters that every server's configuration takes as they are. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * A document from outside with its secrets in place: a mask stands for the secret that is known, and a lock-down's that is
 * left out, or that nobody knows, is made. `notes`: where one was made.
 */
export function unmasked(
  input: unknown,
  current: unknown,
  earlier?: EarlierSecret,
): { readonly document: unknown; readonly notes: readonly Issue[] } {
  const masks = new MaskedDocument(input, current, earlier)
  const document = masks.unmask()
  if (!isRecord(document) || !Array.isArray(document['services'])) return { document, notes: [] }
  const notes: Issue[] = []
  const services: unknown[] = document['services'].map((service: unknown, index) => {
    const header = headerOf(service)
    if (header === null || !isRecord(service) || !isRecord(service['lockdown'])) return service
    const { next, ...rest } = header
    const path = `services[${index}].lockdown.secretHeader.value`
    const known = masks.find({ names: ['services', String(service['id']), 'lockdown', 'secretHeader', 'value'], chosen: 1 })
    const value = header['value'] === undefined || header['value'] === MASK ? (known ?? made(notes, path)) : header['value']
    if (typeof value === 'string' && value !== known && value.length < STRONG)
      notes.push({ path, message: `this secret is short enough to be guessed; use ${STRONG} characters, or leave it out to have one made` })
    const kept = next === undefined || next === MASK ? {} : { next }
    return { ...service, lockdown: { ...service['lockdown'], secretHeader: { ...rest, value, ...kept } } }
  })
  return { document: { ...document, services }, notes }
}

function made(notes: Issue[], path: string): string {
  notes.push({ path, message: 'a new secret was made, which no backend knows yet; rotate it to see one' })
  return newSecret()
}

function headerOf(service: unknown): Record<string, unknown> | null {
  const lockdown = isRecord(service) ? service['lockdown'] : undefined
  const header = isRecord(lockdown) ? lockdown['secretHeader'] : undefined
  return isRecord(header) ? header : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
