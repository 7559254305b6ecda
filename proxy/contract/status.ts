import { z } from 'zod'
import { SERVICE_TYPES } from './config/service-kinds'
import { endingCountsSchema } from './endings'
import { limitHitsSchema } from './limits'
import { proofMarkSchema } from './lockdown-api'

/** Times are epoch milliseconds, durations milliseconds, sizes bytes, everywhere between processes. */
const ms = z.number()
const count = z.number()

/** The program that has a port, as far as the system tells. */
export const portHolderSchema = z.object({ pid: z.number().nullable(), name: z.string().nullable() })
export type PortHolder = z.output<typeof portHolderSchema>

export const listenerStatusSchema = z.object({
  id: z.string(),
  address: z.string(),
  port: z.number(),
  protocol: z.enum(['http', 'tcp', 'udp']),
  state: z.enum(['listening', 'failed']),
  /** A sentence such as "port 80 is in use by nginx (pid 812)"; null while listening. */
  reason: z.string().nullable(),
  code: z.enum(['in-use', 'needs-rights', 'no-such-address', 'other']).nullable(),
  holder: portHolderSchema.nullable(),
  connections: count,
})
export type ListenerStatus = z.output<typeof listenerStatusSchema>

export const healthStateSchema = z.enum(['checking', 'up', 'down', 'unwatched'])
export type HealthState = z.output<typeof healthStateSchema>

export const backendStateSchema = z.enum(['active', 'draining', 'maintenance'])
export type BackendState = z.output<typeof backendStateSchema>

export const backendStatusSchema = z.object({
  id: z.string(),
  url: z.string(),
  role: z.enum(['primary', 'backup']),
  state: backendStateSchema,
  /** Where it drains: since when, and when what still runs no longer keeps it. */
  drain: z.object({ since: ms, until: ms }).nullable(),
  health: healthStateSchema,
  /** Why, in words: "connection refused", "answered 503, expected 200-399"; null while it is well. */
  reason: z.string().nullable(),
  /** Since when it has this health. */
  since: ms,
  lastCheck: z.object({ at: ms, latency: ms }).nullable(),
  inFlight: count,
  /** WebSockets among them. */
  tunnels: count,
  requests: count,
  failed: count,
  /** Mean time to the first byte of its recent answers; null before the first. */
  latency: ms.nullable(),
  /** What has been proven of its lock-down; left out where its service is not locked down. */
  lockdown: proofMarkSchema.optional(),
})
export type BackendStatus = z.output<typeof backendStatusSchema>

/** What of a backend moves with its work and its checks. */
export const backendCountsSchema = backendStatusSchema.pick({
  id: true,
  lastCheck: true,
  inFlight: true,
  tunnels: true,
  requests: true,
  failed: true,
  latency: true,
})

export const latencySchema = z.object({ p50: ms, p95: ms, p99: ms })
export type Latency = z.output<typeof latencySchema>

/** Running totals of one service since the engine started, and rates of the last seconds. */
export const trafficSchema = z.object({
  requests: count,
  /** Answers by hundreds: [1xx, 2xx, 3xx, 4xx, 5xx]. */
  answers: z.tuple([count, count, count, count, count]),
  refused: count,
  failed: count,
  bytesIn: count,
  bytesOut: count,
  /** Requests and tunnels that are running now. */
  inFlight: count,
  perSecond: z.number(),
  /** Of the last ten seconds, to the first byte of the answer; null without a request in that time. */
  latency: latencySchema.nullable(),
})
export type Traffic = z.output<typeof trafficSchema>

/** In order of precedence, worst first; `off`: switched off by the user. */
export const serviceStateSchema = z.enum(['down', 'attention', 'checking', 'online', 'off'])
export type ServiceState = z.output<typeof serviceStateSchema>

export const serviceStatusSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(SERVICE_TYPES),
  state: serviceStateSchema,
  /** Why it needs attention or is down, in words; null otherwise. */
  reason: z.string().nullable(),
  /** Where it can be opened, the best address first. */
  addresses: z.array(z.string()),
  traffic: trafficSchema,
  backends: z.array(backendStatusSchema),
  /** Whether it is a backup that answers. */
  onBackup: z.boolean(),
  /** Whether visitors get the maintenance page because somebody wants it so. */
  maintenance: z.boolean(),
})
export type ServiceStatus = z.output<typeof serviceStatusSchema>

/** How a service is, in one word and, where it is not well, a reason. */
export const serviceVerdictSchema = serviceStatusSchema.pick({ id: true, state: true, reason: true, onBackup: true })

/** What goes on: clients’ connections, requests in line, visits on backends, and time-outs that are set or not yet dropped. */
export const busySchema = z.object({ connections: count, waiting: count, running: count, timers: count })
export type Busy = z.output<typeof busySchema>

/** What the engine knows: everything of the data plane. */
export const engineStatusSchema = z.object({
  startedAt: ms,
  listeners: z.array(listenerStatusSchema),
  services: z.array(serviceStatusSchema.omit({ addresses: true })),
  memory: z.object({ rss: z.number() }),
  busy: busySchema,
  limits: limitHitsSchema.optional(),
  /** Everything was closed past the host, whose document does not say so yet. */
  closedPastHost: z.boolean().optional(),
  endings: endingCountsSchema.optional(),
})
export type EngineStatus = z.output<typeof engineStatusSchema>

export const engineStateSchema = z.object({
  state: z.enum(['starting', 'running', 'restarting', 'stopped', 'failed']),
  pid: z.number().nullable(),
  startedAt: ms.nullable(),
  restarts: count,
  /** Why it last ended against our will, in words; null if it never did. */
  lastFailure: z.string().nullable(),
  /** When the next try is made, while restarting. */
  nextTryAt: ms.nullable(),
})
export type EngineState = z.output<typeof engineStateSchema>

export const statusSchema = z.object({
  version: z.string(),
  revision: z.string(),
  at: ms,
  engine: engineStateSchema,
  listeners: z.array(listenerStatusSchema),
  services: z.array(serviceStatusSchema),
  /** How often limits have struck; left out while the engine does not run. */
  limits: limitHitsSchema.optional(),
  /** What goes on, as of the last second; left out while the engine does not run. */
  busy: busySchema.optional(),
  /** How many connections the gateway has ended, by reason; left out while the engine does not run. */
  endings: endingCountsSchema.optional(),
})
export type Status = z.output<typeof statusSchema>

/** One row of the request log. Query strings, cookies and credentials never enter it. */
export const requestRowSchema = z.object({
  /** The reference that error pages show. */
  ref: z.string(),
  at: ms,
  client: z.string(),
  method: z.string(),
  host: z.string(),
  path: z.string(),
  service: z.string().nullable(),
  backend: z.string().nullable(),
  status: z.number(),
  /** An AR_… code where the gateway itself answered. */
  error: z.string().nullable(),
  /** What happened, in a sentence, where the gateway itself answered. */
  reason: z.string().nullable(),
  /** The rule that refused it, or in a service that only watches would have; null where none did. */
  rule: z.string().nullable(),
  endedBy: z.enum(['gateway', 'backend', 'client']),
  duration: ms,
  bytesIn: count,
  bytesOut: count,
  attempts: count,
})
export type RequestRow = z.output<typeof requestRowSchema>
