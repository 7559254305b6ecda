import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { parseBackendUrl } from '../../../../proxy/contract/backend-url'
import { OTHER_TCP, OTHER_UDP, type Preset, presetOfPort, PRESETS, REMOTE_DESKTOP } from '../../../lib/machine-presets'

export { type Greeting, type Preset, PRESETS } from '../../../lib/machine-presets'

/** What a new machine is at first. */
export const FIRST_PRESET = REMOTE_DESKTOP

export function presetById(id: string): Preset {
  return PRESETS.find((preset) => preset.id === id) ?? OTHER_TCP
}

/** What a saved machine looks like: by its backend’s port. */
export function presetOf({ type, backends }: ServiceDocument): Preset {
  const url = parseBackendUrl(backends?.[0]?.url ?? '')
  const known = typeof url === 'string' || (type !== 'tcp' && type !== 'udp') ? undefined : presetOfPort(type, url.port)
  return known ?? (type === 'udp' ? OTHER_UDP : OTHER_TCP)
}
