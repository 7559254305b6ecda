import type { ListenerStatus } from '../../proxy/contract/status'
import { asSentence } from '../lib/format'

/** What is wrong with a listener, in the words of DESIGN §6. */
export function listenerWords({ address, port, code, holder, reason }: ListenerStatus): { title: string; cause: string } {
  if (code === 'in-use') {
    const who = holder?.name ?? null
    const pid = holder ? (holder.pid === null ? '' : ` (process ${holder.pid})`) : ''
    return { title: `Port ${port} is taken`, cause: who === null ? `Another program${pid} is using it.` : `${who}${pid} is using it.` }
  }
  if (code === 'needs-rights')
    return {
      title: `Port ${port} needs permission on this system`,
      cause: reason === null ? 'Ports below 1024 are for programs that the system’s owner allows.' : asSentence(reason),
    }
  if (code === 'no-such-address')
    return { title: `${address} is not an address of this computer`, cause: 'Choose another address in Settings.' }
  return { title: `Port ${port} could not be opened`, cause: reason === null ? '' : asSentence(reason) }
}
