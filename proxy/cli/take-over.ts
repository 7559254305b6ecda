import { elapsed } from '../contract/clock'
import { dataDirectoryOwner } from '../host/data-lock'
import { print } from './command'
import { GatewayClient } from './gateway-client'
import { CommandError, HostGoneError, HostSilentError } from './usage-error'

/** A host that was asked to leave has closed its console and its files by then. */
const LEAVE_MS = 10_000
const LOOK_MS = 50

/**
 * Has the AstroRelay that runs with a data directory end, and leave its gateway serving for this one. One that does not
 * answer is killed: what it serves goes on all the same.
 */
export async function takeOver(data: string): Promise<void> {
  const owner = dataDirectoryOwner(data)
  if (owner === null) return
  try {
    await GatewayClient.find(data).call('host.leave', {})
  } catch (error) {
    if (error instanceof HostGoneError && dataDirectoryOwner(data) !== owner) return // it has ended meanwhile
    if (!(error instanceof HostSilentError)) throw error
    print(`AstroRelay (pid ${owner}) does not answer; it is ended, and its gateway taken over.`)
    process.kill(owner, 'SIGKILL')
  }
  const until = elapsed() + LEAVE_MS
  while (dataDirectoryOwner(data) === owner) {
    if (elapsed() > until) throw new CommandError(`AstroRelay (pid ${owner}) was asked to leave and is still there.`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
