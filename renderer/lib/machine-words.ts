import { parseBackendUrl } from '../../proxy/contract/backend-url'
import type { Service } from '../../proxy/contract/config/service'
import { isMachineType } from '../../proxy/contract/config/service-kinds'
import { presetOfPort } from './machine-presets'

type Machine = Pick<Service, 'type' | 'backends'>

/** Whether it is a port of a machine, which no browser opens. */
export function isMachine({ type }: Pick<Service, 'type'>): boolean {
  return isMachineType(type)
}

/** What a machine is spoken to with, by the port of its backend; null for what is no machine. */
export function machineWords({ type, backends }: Machine): string | null {
  if (!isMachineType(type)) return null
  const url = parseBackendUrl(backends[0]?.url ?? '')
  return (typeof url === 'string' ? undefined : presetOfPort(type, url.port)?.text) ?? type.toUpperCase()
}
