import { engineVisitorApi } from '../../contract/engine-api'
import { createRpcClient } from '../../contract/rpc/client'
import { linkToEngine } from './engine-link'
import { EnginePlaces } from './engine-place'

/** Closes everything by asking the engine of a data directory itself; gives how many connections were ended, null where none answers. */
export async function closePastHost(dataDirectory: string): Promise<number | null> {
  const place = new EnginePlaces(dataDirectory).recall()
  const link = place === null ? 'nobody' : await linkToEngine(place, 'visitor')
  if (typeof link === 'string') return null
  const { ended } = await createRpcClient(link.transport, engineVisitorApi, {}).call('closeAll', {})
  link.cut()
  return ended
}
