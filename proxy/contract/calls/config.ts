import { z } from 'zod'
import { issueSchema } from '../issue'
import type { HttpCall } from './http-call'
import { revision } from './revision'

/** The configuration document: reading, checking, saving. */
export const configCalls = {
  'config.get': {
    summary: 'The configuration document. `ETag` is its revision.',
    params: z.object({}),
    result: z.object({ revision, document: z.unknown() }),
    http: { method: 'GET', path: '/config', answer: 'document', etag: 'revision' },
  },
  'config.put': {
    summary:
      'Saves and applies a document. 400 with `[{path, message}]` where it is not valid; 409 where `If-Match` is not the current revision. Without `If-Match` the last writer wins. `moves=watched`: a backend whose new address fails its checks in the first 30 s gets its old one back.',
    params: z.object({
      document: z.unknown(),
      baseRevision: revision.optional(),
      by: z.string().max(40).optional(),
      /** What becomes of a backend at a new address: `taken` (left out): it is the address; `watched`: if that fails its checks in the first 30 s, the old one is given back. */
      moves: z.enum(['taken', 'watched']).optional(),
      summary: z.string().max(200).optional(),
    }),
    result: z.object({
      revision,
      /** Open connections that were ended, since what let them in has changed. */
      ended: z.number(),
      /** What was taken otherwise than it stands there: a block with host bits, a secret that was made. */
      notes: z.array(issueSchema),
    }),
    http: { method: 'PUT', path: '/config', body: 'document', ifMatch: 'baseRevision', etag: 'revision' },
  },
  'config.check': {
    summary: 'Checks a document and saves nothing.',
    params: z.object({ document: z.unknown() }),
    result: z.object({ issues: z.array(issueSchema), notes: z.array(issueSchema) }),
    http: { method: 'POST', path: '/config/check', body: 'document' },
  },
} as const satisfies Readonly<Record<string, HttpCall>>
