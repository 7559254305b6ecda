import type { ListenerStatus, PortHolder } from '../../contract/status'
import { describePortHolder } from '../../system/port-holder'

/** Finds the program that listens on a port. */
export type HolderOf = (port: number) => Promise<PortHolder | null>

export interface BindFailure {
  readonly code: NonNullable<ListenerStatus['code']>
  readonly reason: string
  readonly holder: PortHolder | null
}

/** Why a port could not be had, in words with what to do. `holder` is asked only where the port is in use. */
export async function explainBindFailure(
  error: NodeJS.ErrnoException,
  address: string,
  port: number,
  holderOf: HolderOf,
): Promise<BindFailure> {
  switch (error.code ?? '') {
    case 'EADDRINUSE': {
      const holder = await holderIfTold(holderOf, port)
      return { code: 'in-use', holder, reason: `port ${port} is in use by ${describePortHolder(holder) ?? 'another program'}` }
    }
    case 'EACCES':
      return {
        code: 'needs-rights',
        holder: null,
        reason: `port ${port} needs administrator rights; choose a port above 1023, such as 8080${linuxHint()}`,
      }
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return { code: 'no-such-address', holder: null, reason: `this machine has no address ${address}` }
    case 'EMFILE':
    case 'ENFILE':
      return {
        code: 'other',
        holder: null,
        reason: `port ${port} could not be opened: as many files and connections are open as the system allows`,
      }
    default:
      return { code: 'other', holder: null, reason: `port ${port} could not be opened: ${error.code ?? error.message}` }
  }
}

async function holderIfTold(holderOf: HolderOf, port: number): Promise<PortHolder | null> {
  try {
    return await holderOf(port)
  } catch {
    return null // the port is taken all the same
  }
}

function linuxHint(): string {
  return process.platform === 'linux' ? ', or allow low ports with: sudo sysctl net.ipv4.ip_unprivileged_port_start=80' : ''
}
