import { formatAddress, parseAddress, parseRange } from './address'
import type { Config } from './config/document'
import type { Issue } from './issue'
import { ENTRIES_PER_STEP, type Steps } from './steps'

/** The block that a text with host bits means: `192.168.1.0/24` for `192.168.1.5/24`; null where there are none, or no block. */
export function meantBlock(text: string): string | null {
  const [base = '', prefix, ...rest] = text.split('/')
  const address = parseAddress(base)
  const range = prefix === undefined || rest.length > 0 ? null : parseRange(text)
  if (address === null || range === null || range.first === address.value) return null
  // An IPv4-mapped block counts its bits from IPv6's first.
  const length = address.family === 4 && base.includes(':') ? Number(prefix) - 96 : Number(prefix)
  return `${formatAddress({ family: range.family, value: range.first })}/${length}`
}

/** "192.168.1.5/24 means 192.168.1.0/24", or null. */
export function hostBitsNote(text: string): string | null {
  const meant = meantBlock(text)
  return meant === null ? null : `${text} means ${meant}`
}

/** More of them are not told: they come from a list that was not written by hand. */
const MAX_NOTES = 1_000

/** What of a configuration's addresses was taken otherwise than it stands there. */
export function* addressNotes({ services, accessLists, blocked }: Config): Steps<Issue[]> {
  const notes: Issue[] = []
  const lists = [
    ...services.map(({ access }, at) => [`services[${at}].access.rules`, access.rules] as const),
    ...accessLists.map(({ rules }, at) => [`accessLists[${at}].rules`, rules] as const),
    ['blocked', blocked] as const,
  ]
  for (const [place, entries] of lists) {
    for (const [index, { from }] of entries.entries()) {
      if (index % ENTRIES_PER_STEP === ENTRIES_PER_STEP - 1) yield
      const message = from === undefined ? null : hostBitsNote(from)
      if (message !== null) notes.push({ path: `${place}[${index}].from`, message })
      if (notes.length === MAX_NOTES) return notes
    }
  }
  return notes
}
