import { parseRange, type AddressRange } from '../../contract/address'
import type { AddressPreset } from '../../contract/config/access'

/** Presets whose addresses never change; `this-network` follows the machine (see `interfaces.ts`). */
export const FIXED_PRESETS = {
  loopback: blocks('127.0.0.0/8', '::1'),
  // RFC 1918, RFC 4193 (unique local), RFC 3927 and RFC 4291 §2.5.6 (link-local).
  lan: blocks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'),
  // RFC 6598: what overlay networks such as Tailscale hand out.
  vpn: blocks('100.64.0.0/10'),
  // Both families: "everyone" that forgets IPv6 is the trap of `0.0.0.0/0`.
  anyone: blocks('0.0.0.0/0', '::/0'),
} satisfies Record<Exclude<AddressPreset, 'this-network'>, readonly AddressRange[]>

function blocks(...texts: string[]): readonly AddressRange[] {
  return texts.flatMap((text) => parseRange(text) ?? [])
}
