import type { ListenerSet } from './edge/listener-set'
import type { World } from './world/world'

/**
 * Closes connections that have nothing to lose, where descriptors run short; gives how many. Idle ones to backends go first,
 * which cost nobody more than a dial.
 */
export function makeRoom(world: World, listeners: ListenerSet): number {
  let closed = 0
  for (const backends of world.backends.values()) for (const { live } of backends) closed += live.pool.giveWay()
  return closed > 0 ? closed : listeners.giveWay()
}
