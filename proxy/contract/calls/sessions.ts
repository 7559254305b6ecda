import { z } from 'zod'
import type { HttpCall } from './http-call'

const consoleSessionSchema = z.object({
  id: z.string(),
  /** What the browser calls itself. */
  browser: z.string(),
  /** When it signed in, was last used, and ends if it is not used again: epoch ms. */
  since: z.number(),
  lastUsed: z.number(),
  until: z.number(),
})
export type ConsoleSession = z.output<typeof consoleSessionSchema>

/** Browsers that are signed in to the console. */
export const sessionCalls = {
  sessions: {
    summary: 'Browsers that are signed in to the console, newest first. A session ends after 12 hours without use, and after 7 days.',
    params: z.object({}),
    result: z.array(consoleSessionSchema),
    http: { method: 'GET', path: '/sessions' },
  },
  'sessions.revoke': {
    summary: 'Signs a browser out, at once.',
    params: z.object({ id: z.string().max(40) }),
    result: z.object({ ended: z.number() }),
    http: { method: 'DELETE', path: '/sessions/{id}' },
  },
  'sessions.revokeAll': {
    summary: 'Signs all browsers out, and makes sign-in links that were not used yet useless.',
    params: z.object({}),
    result: z.object({ ended: z.number() }),
    http: { method: 'DELETE', path: '/sessions' },
  },
} as const satisfies Readonly<Record<string, HttpCall>>
