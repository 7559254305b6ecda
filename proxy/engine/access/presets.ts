import { parseRange, type AddressRange } from '../../contract/address'
import { type AddressPreset, PRESET_BLOCKS } from '../../contract/config/access'

/** Presets whose addresses never change; `this-network` follows the machine (see `interfaces.ts`). */
export const FIXED_PRESETS = {
  loopback: ranges(PRESET_BLOCKS.loopback),
  lan: ranges(PRESET_BLOCKS.lan),
  vpn: ranges(PRESET_BLOCKS.vpn),
  anyone: ranges(PRESET_BLOCKS.anyone),
} satisfies Record<Exclude<AddressPreset, 'this-network'>, readonly AddressRange[]>

function ranges(blocks: readonly string[]): readonly AddressRange[] {
  return blocks.flatMap((block) => parseRange(block) ?? [])
}
