import { formatAddress, parseAddress, parseRange } from './address'
import type { Config } from './config/document'
import type { Issue } from './issue'

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

/** What of a configuration's addresses was taken otherwise than it stands there. */
export function addressNotes({ services, accessLists, blocked }: Config): Issue[] {
  const places = [
    ...services.flatMap(({ access }, service) =>
      access.rules.map(({ from }, rule) => [`services[${service}].access.rules[${rule}].from`, from] as const),
    ),
    ...accessLists.flatMap(({ rules }, list) => rules.map(({ from }, rule) => [`accessLists[${list}].rules[${rule}].from`, from] as const)),
    ...blocked.map(({ from }, index) => [`blocked[${index}].from`, from] as const),
  ]
  return places.flatMap(([path, from]) => {
    const message = from === undefined ? null : hostBitsNote(from)
    return message === null ? [] : [{ path, message }]
  })
}
