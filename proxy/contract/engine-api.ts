import { z } from 'zod'
import type { Api } from './api'
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
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})
export type RequestFilter = z.output<typeof requestFilterSchema>

/**
 * host → engine. `document` is parsed again by the engine: it is another process, and a default that only one of the two
 * knows would be a fault nobody sees.
 */
export const engineApi = {
  load: {
    summary: 'Compiles the document beside the running snapshot, binds new listeners, swaps, retires the old. Issues: nothing changed.',
    params: z.object({ revision: z.string(), document: z.unknown() }),
    result: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), listeners: z.array(listenerStatusSchema), duration: z.number() }),
      z.object({ ok: z.literal(false), issues: z.array(issueSchema) }),
    ]),
  },
  status: { summary: 'Everything the engine knows.', params: z.object({}), result: engineStatusSchema },
  requests: { summary: 'The recent request log, newest first.', params: requestFilterSchema, result: z.array(requestRowSchema) },
  drain: {
    summary: 'Closes the listeners, lets running requests end for at most `timeout` ms, then ends the process.',
    params: z.object({ timeout: z.number() }),
    result: z.null(),
  },
} as const satisfies Api

export { engineEvents }
export type EngineApi = typeof engineApi
