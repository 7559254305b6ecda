import type { Service } from '../../../proxy/contract/config/service'

/** How long *Mute 1 hour* mutes, in ms. */
export const MUTED_FOR = 3_600_000

/** Whether a service is muted for a time that is not over. `now` in epoch ms. */
export function isMuted({ alerts }: Service, now: number): boolean {
  return alerts.muteUntil !== undefined && Date.parse(alerts.muteUntil) > now
}
