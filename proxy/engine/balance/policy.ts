import type { Service } from '../../contract/config/service'
import type { Policy } from './candidate'
import { clientIp } from './client-ip'
import { leastConnections } from './least-connections'
import { randomTwo } from './random-two'
import { roundRobin } from './round-robin'

/** The policies by their names in the configuration. */
export const POLICIES = {
  'round-robin': roundRobin,
  'least-connections': leastConnections,
  'random-two': randomTwo,
  'client-ip': clientIp,
} satisfies Record<Service['balance']['policy'], Policy>
