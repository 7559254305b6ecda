import { z } from 'zod'
import { accessCountsSchema, accessImpactSchema, accessQuestionSchema, accessVerdictSchema } from './access-api'
import type { Api } from './api'
import { handedBlockSchema } from './blocks'
import { engineProgramSchema } from './engine-door'
import { engineEvents } from './events'
import { issueSchema } from './issue'
import { engineStatusSchema, listenerStatusSchema, requestRowSchema } from './status'

/** Filters of the recent request log; all given ones have to hold. */
export const requestFilterSchema = z.object({
  service: z.string().optional(),
  status: z.coerce.number().int().optional(),
  client: z.string().optional(),
  /** The reference of an error page. */
  ref: z.string().optional(),
  /** `refused`: by a rule, a limit or a missing sign-in; `failed`: by a backend. */
  only: z.enum(['refused', 'failed']).optional(),
  /** Part of the client, host, path or reason, whatever its case. */
  text: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})
export type RequestFilter = z.output<typeof requestFilterSchema>

const closing = {
  closeAll: {
    summary: 'Serves nobody any more, until a document that is closed as well has been loaded.',
    params: z.object({}),
    /** Open connections that were ended. */
    result: z.object({ ended: z.number() }),
  },
} as const satisfies Api

/**
 * host → engine. `document` is parsed again by the engine: it is another process, and a default that only one of the two
 * knows would be a fault nobody sees.
 */
export const engineApi = {
  load: {
    summary: 'Compiles the document beside the running snapshot, binds new listeners, swaps, retires the old. Issues: nothing changed.',
    keepsLists: true,
    params: z.object({
      revision: z.string(),
      document: z.unknown(),
      /** Full paths, without links, of what is hosted for nobody: the host's own data, with its keys. */
      hidden: z.array(z.string()).default([]),
      /** Clients that an engine before this one has blocked by itself. */
      blocks: z.array(handedBlockSchema).default([]),
    }),
    result: z.discriminatedUnion('ok', [
      z.object({
        ok: z.literal(true),
        listeners: z.array(listenerStatusSchema),
        duration: z.number(),
        /** Open connections that were ended, since what let them in has changed. */
        ended: z.number(),
      }),
      z.object({ ok: z.literal(false), issues: z.array(issueSchema) }),
    ]),
  },
  ping: { summary: 'Answers, which tells that the engine turns.', params: z.object({}), result: z.null() },
  status: {
    summary: 'Everything the engine knows. Asked once for each start and load: events tell the rest.',
    params: z.object({}),
    result: engineStatusSchema,
  },
  requests: { summary: 'The recent request log, newest first.', params: requestFilterSchema, result: z.array(requestRowSchema) },
  'access.test': {
    summary: 'What a client would get by the running rules, or by those of a document.',
    params: accessQuestionSchema,
    result: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), verdict: accessVerdictSchema }),
      z.object({ ok: z.literal(false), issues: z.array(issueSchema) }),
    ]),
  },
  'access.counts': {
    summary: 'Refusals by rule, and clients that are blocked by themselves.',
    params: z.object({}),
    result: accessCountsSchema,
  },
  'access.blocks': { summary: 'Clients that are blocked by themselves.', params: z.object({}), result: z.array(handedBlockSchema) },
  'access.impact': {
    summary: 'Clients of the last hour, and of the console, that a document would refuse.',
    params: z.object({ document: z.unknown(), console: z.array(z.string()) }),
    result: accessImpactSchema,
  },
  'access.unblock': {
    summary: 'Ends the block of a client that was blocked by itself.',
    params: z.object({ address: z.string() }),
    result: z.object({ ended: z.boolean() }),
  },
  'backend.check': {
    summary: 'Checks a backend now.',
    params: z.object({ service: z.string(), backend: z.string() }),
    result: z.object({ found: z.boolean() }),
  },
  'backend.disconnect': {
    summary: 'Cuts what still runs on a backend.',
    params: z.object({ service: z.string(), backend: z.string() }),
    result: z.object({ cut: z.number() }),
  },
  handOver: {
    summary:
      'Starts another engine and gives it the open ports. Both accept, once the other has a configuration, until this one is drained.',
    params: z.object({ program: engineProgramSchema }),
    result: z.object({ pid: z.number() }),
  },
  ...closing,
  drain: {
    summary: 'Closes the listeners, lets running requests end for at most `timeout` ms, then ends the process.',
    params: z.object({
      timeout: z.number(),
      /** Another engine has the ports: there is no haste, and documents that are loaded still judge what runs here. */
      successor: z.boolean().default(false),
    }),
    result: z.null(),
  },
} as const satisfies Api

/** What anybody with the engine's key may ask of it, past a host that does not answer: what protects, and nothing else. */
export const engineVisitorApi = closing satisfies Api

export { engineEvents }
export type EngineApi = typeof engineApi
