import { z } from 'zod'

/** How a service's backends are told from everybody: by a secret, by who may connect, or not at all. */
export const lockdownMethodSchema = z.enum(['secret', 'proxy', 'network'])
export type LockdownChoice = z.output<typeof lockdownMethodSchema>

/**
 * What *Verify* found. `locked`: refused directly, answers the gateway; `open`: somebody else is answered; `unproven`: it
 * cannot be told from this machine; `broken`: it refuses the gateway, too; `unreachable`: nobody answers.
 */
export const proofStateSchema = z.enum(['locked', 'open', 'unproven', 'broken', 'unreachable'])
export type ProofState = z.output<typeof proofStateSchema>

/** One thing that was tried, and whether it came out as a locked backend has it. */
export const attemptSchema = z.object({
  what: z.enum(['as-gateway', 'direct', 'made-up', 'next', 'own-address']),
  /** In words, such as "Straight to the backend". */
  name: z.string(),
  /** What came of it: "answered 403". */
  outcome: z.string(),
  fits: z.boolean(),
})
export type Attempt = z.output<typeof attemptSchema>

export const proofSchema = z.object({
  state: proofStateSchema,
  /** Epoch ms. */
  at: z.number(),
  /** One or two sentences: what was found, and what to do. */
  text: z.string(),
  attempts: z.array(attemptSchema),
})
export type Proof = z.output<typeof proofSchema>

/** A backend's state in short, as its row shows it. */
export const proofMarkSchema = proofSchema.pick({ state: true, at: true, text: true })
export type ProofMark = z.output<typeof proofMarkSchema>

export const serviceLockdownSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** What is set up, the strongest first; empty: nothing. */
  methods: z.array(lockdownMethodSchema),
  /** The secret's header; null: there is none. */
  header: z.string().nullable(),
  proxyProtocol: z.enum(['off', 'v1', 'v2']),
  /** Whether a new secret waits to take the old one's place. */
  rotating: z.boolean(),
  backends: z.array(z.object({ id: z.string(), url: z.string(), proof: proofSchema.nullable() })),
})
export type ServiceLockdown = z.output<typeof serviceLockdownSchema>

export const lockdownOverviewSchema = z.object({
  /** Addresses that this gateway's connections may come from, IPv4 and IPv6. */
  gateway: z.array(z.string()),
  services: z.array(serviceLockdownSchema),
})
export type LockdownOverview = z.output<typeof lockdownOverviewSchema>
