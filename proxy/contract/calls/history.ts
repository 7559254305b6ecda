import { z } from 'zod'
import type { HttpCall } from './http-call'
import { revision } from './revision'

export const revisionRowSchema = z.object({
  revision,
  at: z.number(),
  /** Who saved it: "window", "command line", "file", "API". */
  by: z.string(),
  /** What changed, in words: "Added Office wiki". */
  summary: z.string(),
  current: z.boolean(),
})
export type RevisionRow = z.output<typeof revisionRowSchema>

/** The saved revisions of the document. */
export const historyCalls = {
  history: {
    summary: 'Saved revisions, newest first.',
    params: z.object({}),
    result: z.array(revisionRowSchema),
    http: { method: 'GET', path: '/history' },
  },
  'history.get': {
    summary: 'The document of one revision.',
    params: z.object({ revision }),
    result: z.object({ revision, document: z.unknown() }),
    http: { method: 'GET', path: '/history/{revision}', answer: 'document', etag: 'revision' },
  },
  'history.restore': {
    summary: 'Makes an earlier revision’s document the current one, as a new revision.',
    params: z.object({ revision }),
    result: z.object({ revision }),
    http: { method: 'POST', path: '/history/{revision}/restore' },
  },
} as const satisfies Readonly<Record<string, HttpCall>>
