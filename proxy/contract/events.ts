import { z } from 'zod'
import { endingCountsSchema } from './endings'
import { limitHitsSchema, limitNameSchema } from './limits'
import { proofStateSchema } from './lockdown-api'
import {
  backendCountsSchema,
  backendStatusSchema,
  busySchema,
  engineStateSchema,
  listenerStatusSchema,
  serviceStateSchema,
  serviceVerdictSchema,
  trafficSchema,
} from './status'

/** Every second: live numbers of what had something to tell. With a status that was asked for once, it is all that `status` would tell. */
export const tickSchema = z.object({
  at: z.number(),
  services: z.array(z.object({ id: z.string(), traffic: trafficSchema })),
  /** Open client connections of all listeners. */
  connections: z.number(),
  /** Backends whose counts or checks have moved; left out where none has. */
  backends: z.array(backendCountsSchema.extend({ service: z.string() })).optional(),
  /** Listeners whose number of connections has changed; left out where none has. */
  listeners: z.array(listenerStatusSchema.pick({ id: true, connections: true })).optional(),
  /** Services that a listener has made well or unwell, which no `health` tells; left out where none has. */
  verdicts: z.array(serviceVerdictSchema).optional(),
  busy: busySchema.optional(),
  /** How often each limit has struck since the engine started; left out where none has struck since the last tick. */
  limits: limitHitsSchema.optional(),
  /** How many connections the gateway has ended since it started, by reason; left out where none since the last tick. */
  endings: endingCountsSchema.optional(),
})
export type Tick = z.output<typeof tickSchema>

export const healthEventSchema = z.object({
  at: z.number(),
  service: z.string(),
  state: serviceStateSchema,
  reason: z.string().nullable(),
  onBackup: z.boolean(),
  /** The backend whose health has changed; null: it is the service's own folder. */
  backend: backendStatusSchema.nullable(),
})
export type HealthEvent = z.output<typeof healthEventSchema>

/** A draining backend has nothing left to do. */
export const drainedEventSchema = z.object({ at: z.number(), service: z.string(), backend: z.string(), reason: z.string() })

/** A client was blocked by itself, or that block was ended before its time. */
export const accessEventSchema = z.object({
  at: z.number(),
  kind: z.enum(['blocked', 'unblocked']),
  address: z.string(),
  until: z.number(),
  reason: z.string(),
})

/** A limit has struck that is everybody's, such as the number of open connections; told once a minute while it goes on. */
export const limitEventSchema = z.object({
  at: z.number(),
  limit: limitNameSchema,
  /** The setting that changes it; null: none does. */
  setting: z.string().nullable(),
  text: z.string(),
})

/** Everything was closed by somebody who could not reach the host. */
export const closedEventSchema = z.object({ at: z.number() })

/** What the engine tells everybody. */
const toldEvents = {
  access: accessEventSchema,
  drained: drainedEventSchema,
  limit: limitEventSchema,
  tick: tickSchema,
  health: healthEventSchema,
  listener: listenerStatusSchema,
} as const

/** What the engine tells its host. */
export const engineEvents = {
  ...toldEvents,
  closed: closedEventSchema,
  /** A line for the log, where nobody reads what it prints: its first host has gone. */
  said: z.object({ line: z.string() }),
} as const

export const noticeSchema = z.object({
  id: z.string(),
  at: z.number(),
  level: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  text: z.string(),
  /** The screen where something can be done about it: `/services/wiki`, `/settings`. */
  place: z.string().startsWith('/').optional(),
})
/**
 * How a service fares, once for each cause: an alarm, and what replaces it when it is over. `back`: it is well again; `planned`:
 * somebody has taken out, switched off, muted or removed what it was about, so that it has nothing to tell any more.
 */
export const alertSchema = z.object({
  /** The same for an alarm and for its end. */
  id: z.string(),
  at: z.number(),
  level: z.enum(['down', 'attention', 'back', 'planned']),
  /** Ids of the services it is about. */
  services: z.array(z.string()),
  title: z.string(),
  text: z.string(),
  /** Since when it was so. */
  since: z.number(),
})
export type Alert = z.output<typeof alertSchema>

/** What is proven of a backend's lock-down has changed. */
export const lockdownEventSchema = z.object({
  at: z.number(),
  service: z.string(),
  backend: z.string(),
  state: proofStateSchema,
  text: z.string(),
})

/** Something a person should hear of: a crashed engine, a configuration set aside, a taken port. */
export type Notice = z.output<typeof noticeSchema>

/** What every client of the host hears, by IPC or as server-sent events of the same names. */
export const controlEvents = {
  ...toldEvents,
  engine: engineStateSchema,
  config: z.object({
    revision: z.string(),
    at: z.number(),
    by: z.string(),
    /** Open connections that were ended, since what let them in has changed. */
    ended: z.number(),
  }),
  notice: noticeSchema,
  alert: alertSchema,
  lockdown: lockdownEventSchema,
} as const

export type ControlEvents = { [Name in keyof typeof controlEvents]: z.output<(typeof controlEvents)[Name]> }
export type ControlEventName = keyof ControlEvents
export type EngineEvents = { [Name in keyof typeof engineEvents]: z.output<(typeof engineEvents)[Name]> }
