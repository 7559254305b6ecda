import { parseBackendUrl } from '../../../proxy/contract/backend-url'
import type { Service } from '../../../proxy/contract/config/service'

type Machine = Pick<Service, 'type' | 'backends'>

/** Whether it is a port of a machine, which no browser opens. */
export function isMachine({ type }: Pick<Service, 'type'>): boolean {
  return type === 'tcp' || type === 'udp'
}

/** Well-known ports in the words of people; the form offers the same. */
const BY_PORT: Readonly<Record<string, string>> = {
  'tcp 3389': 'Remote Desktop', 'tcp 22': 'SSH', 'tcp 5900': 'VNC', 'tcp 554': 'RTSP video', 'tcp 5432': 'PostgreSQL', 'tcp 1883': 'MQTT', 'tcp 25565': 'Minecraft', 'udp 51820': 'WireGuard', 'udp 53': 'DNS',
}

/** What a machine is spoken to with, by the port of its backend; null for what is no machine. */
export function machineWords({ type, backends }: Machine): string | null {
  if (type !== 'tcp' && type !== 'udp') return null
  const url = parseBackendUrl(backends[0]?.url ?? '')
  return BY_PORT[typeof url === 'string' ? '' : `${type} ${url.port}`] ?? type.toUpperCase()
}
