import { z } from 'zod'

/** Every limit that can strike, with the setting that changes it; null: none does. */
export const LIMITS = {
  connections: 'settings.limits.connections',
  connectionsPerClient: 'settings.limits.connectionsPerClient',
  handshakes: 'settings.limits.handshakes',
  handshakesPerClient: 'settings.limits.handshakesPerClient',
  descriptors: null,
  refusedConnections: null,
  sessions: 'settings.limits.connections',
  sessionsPerClient: 'settings.limits.connectionsPerClient',
  proxyHeader: 'listeners[].proxyProtocol',
  headerBytes: 'settings.limits.headerBytes',
  buffers: 'settings.limits.buffers',
  autoBlock: 'settings.autoBlock',
  rateLimit: 'services[].rateLimit',
  maxBody: 'services[].maxBody',
  maxConnections: 'services[].backends[].maxConnections',
  queueLength: 'services[].queue.length',
  queueWait: 'services[].queue.wait',
  failedSignIns: null,
  signInsAtOnce: null,
} as const satisfies Readonly<Record<string, string | null>>

export type LimitName = keyof typeof LIMITS

const isLimitName = (text: unknown): text is LimitName => typeof text === 'string' && Object.hasOwn(LIMITS, text)
export const limitNameSchema = z.custom<LimitName>(isLimitName)

/** How often each limit has struck since the engine started; those that never did are left out. */
export const limitHitsSchema = z.record(z.string(), z.number())
export type LimitHitCounts = z.output<typeof limitHitsSchema>

/** What is everybody's, so that where it is used up anybody may be turned away: the whole gateway's host hears of it. */
export const WIDE_LIMITS: ReadonlySet<LimitName> = new Set<LimitName>([
  'connections',
  'sessions',
  'handshakes',
  'descriptors',
  'signInsAtOnce',
  'buffers',
])
