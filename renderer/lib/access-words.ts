import { type Access, type AccessList, type AddressPreset, otherwiseOf, PRESET_BLOCKS } from '../../proxy/contract/config/access'

/** Who may open a service, as it is chosen with one press. */
export interface AccessChoice {
  readonly id: AddressPreset
  readonly text: string
  /** What it means, the technical name last. */
  readonly hint: string
}

/** The presets in the order in which they widen. */
export const ACCESS_CHOICES: readonly AccessChoice[] = [
  { id: 'loopback', text: 'This computer only', hint: 'Nobody else; loopback addresses.' },
  { id: 'this-network', text: 'This office network', hint: 'Devices on the networks this computer is on.' },
  { id: 'vpn', text: 'VPN', hint: `Devices that come in over the VPN; ${PRESET_BLOCKS.vpn.join(', ')}.` },
  { id: 'lan', text: 'LAN only', hint: 'Any private network; RFC 1918, ULA, link-local.' },
  { id: 'anyone', text: 'Anyone', hint: 'Whoever can reach this computer’s ports.' },
]

/** The `from` values of an allow list that a choice stands for; empty: anyone. A LAN holds this computer, where it is tried first. */
export function allowOf(choice: AddressPreset): readonly AddressPreset[] {
  if (choice === 'anyone') return []
  return choice === 'lan' ? ['lan', 'loopback'] : [choice]
}

/** Who can open it, in few words, and the widest preset in it for an icon. */
export interface AccessSummary {
  readonly text: string
  readonly preset: AddressPreset | null
}

/** Where several stand in one line. */
const AMONG_OTHERS: Readonly<Record<AddressPreset, string>> = {
  loopback: 'this computer',
  'this-network': 'Office',
  vpn: 'VPN',
  lan: 'LAN',
  anyone: 'Anyone',
}

const ALONE: Readonly<Record<AddressPreset, string>> = {
  loopback: 'This computer only',
  'this-network': 'This office network',
  vpn: 'VPN',
  lan: 'LAN only',
  anyone: 'Anyone',
}

/** Sums a service's rules up. An exact account is the access screen's business. */
export function describeAccess(access: Access, lists: readonly AccessList[]): AccessSummary {
  const does = (action: 'allow' | 'deny') => (rule: Access['rules'][number]) =>
    rule.list === undefined
      ? rule.action === action
      : (lists.find(({ id }) => id === rule.list)?.rules.some((inner) => inner.action === action) ?? false)
  const allowed = access.rules.filter(does('allow'))
  const fallback = otherwiseOf(access, lists)
  const refuses = access.rules.some(does('deny'))
  if (fallback === 'allow') return { text: refuses ? 'Anyone, with exceptions' : 'Anyone', preset: 'anyone' }
  if (allowed.length === 0) return { text: 'Nobody', preset: null }
  const presets = ACCESS_CHOICES.filter(({ id }) => allowed.some((rule) => rule.from === id)).map(({ id }) => id)
  if (presets.includes('anyone')) return { text: refuses ? 'Anyone, with exceptions' : 'Anyone', preset: 'anyone' }
  const told = presets.length > 1 ? presets.filter((id) => id !== 'loopback') : presets
  const names = told.map((id) => (told.length > 1 ? AMONG_OTHERS : ALONE)[id])
  const others = allowed.length - presets.length
  if (names.length === 0 && others === 1) return { text: allowed[0]?.from ?? 'One list', preset: null }
  if (others > 0) names.push(names.length === 0 ? `${others} rules` : `${others} more`)
  const text = names.join(names.length === 2 ? ' and ' : ', ')
  return { text: refuses ? `${text}, with exceptions` : text, preset: presets.at(-1) ?? null }
}
