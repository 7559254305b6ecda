import { Building2, Earth, House, KeyRound, LaptopMinimal, type LucideIcon, ShieldCheck } from 'lucide-react'
import type { AddressPreset } from '../../proxy/contract/config/access'

const ICONS: Readonly<Record<AddressPreset, LucideIcon>> = {
  loopback: LaptopMinimal,
  'this-network': Building2,
  vpn: KeyRound,
  lan: House,
  anyone: Earth,
}

/** The icon of who can open it; null: rules of the user's own. */
export function accessIcon(preset: AddressPreset | null): LucideIcon {
  return preset === null ? ShieldCheck : ICONS[preset]
}
