import { z } from 'zod'
import { accessCountsSchema, accessImpactSchema, accessQuestionSchema, accessVerdictSchema } from '../access-api'
import type { HttpCall } from './http-call'

/** Who may reach what. */
export const accessCalls = {
  'access.test': {
    summary:
      'Whether an address would be let in to a service, and the rule that decides. With `document`: by its rules instead of the running ones.',
    params: accessQuestionSchema,
    result: accessVerdictSchema,
    http: { method: 'POST', path: '/access/test' },
  },
  'access.impact': {
    summary:
      'Which addresses that were let in during the last hour, or use the console now, a document would refuse, and how many open connections it would end.',
    params: z.object({ document: z.unknown() }),
    result: accessImpactSchema,
    http: { method: 'POST', path: '/access/impact', body: 'document' },
  },
  'access.counts': {
    summary: 'Refusals by rule since the engine started, and clients that are blocked by themselves.',
    params: z.object({}),
    result: accessCountsSchema,
    http: { method: 'GET', path: '/access/counts' },
  },
  'access.unblock': {
    summary: 'Ends the block of a client that was blocked by itself.',
    params: z.object({ address: z.string() }),
    result: z.object({ ended: z.boolean() }),
    http: { method: 'POST', path: '/access/unblock' },
  },
  'password.hash': {
    summary: 'The hash of a password, as `basicAuth` takes it. The password is kept nowhere.',
    params: z.object({ password: z.string().min(1).max(256) }),
    result: z.object({ hash: z.string() }),
    http: { method: 'POST', path: '/passwords/hash' },
  },
} as const satisfies Readonly<Record<string, HttpCall>>
