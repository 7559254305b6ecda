import { rangeHolds, parseRange } from '../../../../proxy/contract/address'
import { PRESET_BLOCKS } from '../../../../proxy/contract/config/access'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { FIRST_PRESET, type Greeting, presetOf } from './presets'

/** A machine behind a port, as it is filled in, beside what every service has. */
export interface MachineDraft {
  readonly preset: string
  readonly greeting: Greeting
  /** Whether the gateway port is the form’s own proposal, which may still change. */
  readonly portProposed: boolean
}

export const NEW_MACHINE: MachineDraft = { preset: FIRST_PRESET.id, greeting: FIRST_PRESET.greeting, portProposed: true }

export function machineDraftOf(service: ServiceDocument): MachineDraft {
  return { preset: presetOf(service).id, greeting: service.health?.expect ?? 'none', portProposed: false }
}

/** `192.168.1.55` gets its port and `tcp://`, a bare port this computer, IPv6 its brackets. What is no such address stays as it is. */
export function completeMachineUrl(text: string, protocol: 'tcp' | 'udp', port: number | null): string {
  const bare = text
    .trim()
    .replace(/^(?:tcp|udp):\/\//i, '')
    .replace(/\/$/, '')
  if (bare === '' || bare.includes('://')) return bare
  if (/^:?\d{1,5}$/.test(bare)) return `${protocol}://127.0.0.1:${bare.replace(':', '')}`
  const host = /^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(bare) ? `[${bare}]` : bare
  const withPort = /:[^\]]*$/.test(host) || port === null ? host : `${host}:${port}`
  return `${protocol}://${withPort}`
}

/** As people read and write it: without the scheme, which the form knows. */
export function machineAddress(url: string): string {
  return url.replace(/^(?:tcp|udp):\/\//i, '')
}

const VPN = PRESET_BLOCKS.vpn.flatMap((block) => parseRange(block) ?? [])

/** Whether this machine is on a VPN, as far as its interfaces tell: one that is marked as such, or an address as Tailscale gives it. */
export function hasVpn(
  interfaces: readonly { readonly name: string; readonly networks: readonly string[] }[],
  marked: readonly string[],
): boolean {
  return interfaces.some(
    ({ name, networks }) =>
      marked.includes(name) ||
      networks.some((network) => {
        const range = parseRange(network)
        return range !== null && VPN.some((vpn) => rangeHolds(vpn, { family: range.family, value: range.first }))
      }),
  )
}
