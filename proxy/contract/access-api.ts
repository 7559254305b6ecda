import { z } from 'zod'

/** What a client would get, and what decides so. */
export const accessVerdictSchema = z.object({
  decision: z.enum(['allow', 'deny']),
  /** What decided: `closed`: everything is; `blocked`: the gateway’s block list; `automatic`: a block of a client that kept being refused. */
  source: z.enum(['closed', 'blocked', 'automatic', 'rule', 'default']),
  /** The deciding rule: its place in the service’s rules, counted from 0, and of a list’s rule its place in that list. */
  rule: z
    .object({
      index: z.number(),
      action: z.enum(['allow', 'deny']),
      from: z.string(),
      list: z.string().optional(),
      listIndex: z.number().optional(),
      name: z.string().optional(),
    })
    .nullable(),
  /** In a sentence. */
  because: z.string(),
  /** The service that was asked for, or that answers the host and path. */
  service: z.string(),
  /** Who the client is taken for: behind a trusted proxy not the peer itself. */
  client: z.string(),
  /** The service only watches, so that the client gets in all the same. */
  watched: z.boolean(),
  /** Whether the service asks this client for a password, too or instead. */
  signIn: z.boolean(),
  /** What may be otherwise than it was meant: "192.168.1.5/24 means 192.168.1.0/24". */
  notes: z.array(z.string()),
})
export type AccessVerdict = z.output<typeof accessVerdictSchema>

export const accessQuestionSchema = z.object({
  /** The service's id; or leave it out and give the host that a visitor would ask for. */
  service: z.string().optional(),
  address: z.string(),
  host: z.string().optional(),
  path: z.string().default('/'),
  /** What the client sends as `X-Forwarded-For`. */
  forwardedFor: z.string().optional(),
  /** Rules that are not saved yet: a whole document. */
  document: z.unknown().optional(),
})
export type AccessQuestion = z.output<typeof accessQuestionSchema>

const counted = z.object({ refused: z.number(), wouldRefuse: z.number() })

/** Of a list longer than this, the counts of the first places are told, up to the last that has refused anybody. */
export const COUNTED_PLACES = 10_000

/** Refusals since the engine started. Places are those of the running document; see `COUNTED_PLACES` for long lists. */
export const accessCountsSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      rules: z.array(counted),
      /** By nobody's rule: everyone else is refused. */
      otherwise: counted,
      rateLimited: z.number(),
      failedSignIns: z.number(),
    }),
  ),
  /** By list, then by rule; over all services that use it. */
  lists: z.record(z.string(), z.array(counted)),
  blocked: z.array(z.number()),
  /** Clients that are blocked by themselves now. */
  automatic: z.array(z.object({ address: z.string(), since: z.number(), until: z.number(), reason: z.string(), refused: z.number() })),
})
export type AccessCounts = z.output<typeof accessCountsSchema>

/** Clients that a document would lock out: seen in the last hour, let in now, refused by it. */
export const accessImpactSchema = z.object({
  addresses: z.array(
    z.object({ address: z.string(), service: z.string(), requests: z.number(), lastSeen: z.number().nullable(), console: z.boolean() }),
  ),
  /** Of addresses, however many services they lose. */
  total: z.number(),
  /** Open connections that it would end, whatever of what let them in it changes. */
  running: z.number(),
})
export type AccessImpact = z.output<typeof accessImpactSchema>
