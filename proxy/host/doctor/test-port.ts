import type { PortVerdict } from '../../contract/calls/doctor'
import type { Config } from '../../contract/config/document'
import type { PortHolder } from '../../contract/status'
import { describePortHolder, findPortHolder } from '../../system/port-holder'
import { canListen, nextFreePort } from './port-probe'

export interface PortQuestion {
  readonly address: string
  readonly port: number
  readonly transport?: 'tcp' | 'udp' | undefined
}

/** Says whether a port can be listened on, who has it, and which is the next free one. */
export async function testPort(
  { address, port, transport = 'tcp' }: PortQuestion,
  config: Config,
  consolePort?: number,
): Promise<PortVerdict> {
  const listeners = config.listeners.filter(({ protocol }) => (protocol === 'udp') === (transport === 'udp'))
  const own = listeners.find((listener) => listener.port === port)
  if (own)
    return { free: false, own: true, reason: `Port ${port} is the gateway’s own (listener “${own.id}”).`, holder: null, suggestion: null }
  const code = await canListen(address, port, transport)
  if (code === null) return { free: true, own: false, reason: null, holder: null, suggestion: null }
  const isConsole = transport === 'tcp' && port === consolePort
  const holder = code === 'EADDRINUSE' && transport === 'tcp' ? await findPortHolder(port) : null
  const suggestion = await nextFreePort(address, alternative(port), new Set(listeners.map((listener) => listener.port)), transport)
  return {
    free: false,
    own: false,
    reason: isConsole ? `Port ${port} is AstroRelay’s own console, which stays on this machine.` : reason(code, address, port, holder),
    holder,
    suggestion,
  }
}

/** Ports below 1024 have well-known stand-ins above: 80 and 8080, 443 and 8443. */
function alternative(port: number): number {
  return port < 1024 ? port + 8000 : port + 1
}

function reason(code: string, address: string, port: number, holder: PortHolder | null): string {
  if (code === 'EADDRINUSE') {
    if (holder?.pid === 4 && process.platform === 'win32')
      return `Port ${port} is in use by Windows itself (pid 4, http.sys): usually IIS or another web service of Windows.`
    return `Port ${port} is in use by ${describePortHolder(holder) ?? 'another program'}.`
  }
  if (code === 'EACCES' && process.platform === 'linux')
    return `Port ${port} needs permission on this system. Allow it for every program with: sudo sysctl net.ipv4.ip_unprivileged_port_start=${port} – or for this one with: sudo setcap cap_net_bind_service=+ep ${process.execPath}`
  if (code === 'EACCES') return `Port ${port} needs permission on this system, or is reserved by it.`
  if (code === 'EADDRNOTAVAIL' || code === 'EINVAL' || code === 'ENOTFOUND') return `${address} is not an address of this machine.`
  return `Port ${port} cannot be used (${code}).`
}
