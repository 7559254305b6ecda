import { z } from 'zod'
import { rootProblem } from './hosted-root'

const FILE_NAME = /^[^/\\\0]{1,255}$/

/** What holds for a `files` service that does not say it. */
export const HOSTED_OMITTED = { listing: false, index: ['index.html'], precompressed: true, dotFiles: false } as const

/** The settings of a `files` service, beside those of every service. */
export const HOSTED = {
  root: z
    .string({ error: 'write the folder as a full path, such as /srv/manuals' })
    .max(4_096, { error: 'use a path of at most 4096 characters' })
    .refine((text) => !text.includes('\0') && /^(?:\/|[A-Za-z]:[\\/]|\\\\[^\\]+\\[^\\]+)/.test(text), {
      error: 'write the full path of a folder, such as /srv/manuals or C:\\Manuals',
    })
    .superRefine((text, context) => {
      const problem = rootProblem(text)
      if (problem !== null) context.addIssue({ code: 'custom', message: problem })
    })
    .optional()
    .meta({ description: 'For `files`: the folder that is hosted, as a full path. Links that lead out of it are not followed.' }),
  listing: z.boolean().optional().meta({ description: 'For `files`: whether a folder without an index shows what is in it; omitted: no.' }),
  index: z
    .array(z.string().regex(FILE_NAME, { error: 'write file names such as index.html' }))
    .max(10, { error: 'name at most 10 files' })
    .optional()
    .meta({ description: 'For `files`: what is shown for a folder, the first that is there; omitted: `["index.html"]`.' }),
  fallback: z
    .string()
    .regex(/^(?:[^/\\\0.][^/\\\0]*\/)*[^/\\\0.][^/\\\0]*$/, { error: 'write a file within the folder, such as index.html' })
    .optional()
    .meta({
      description:
        'For `files`: the file that answers pages that are not there, for single-page applications; missing files with an extension stay 404. Omitted: none.',
    }),
  precompressed: z.boolean().optional().meta({
    description:
      'For `files`: whether `app.js.br`, `.zst` or `.gz` beside `app.js` is sent in its place to clients that take it, unless it is older than `app.js`; omitted: yes.',
  }),
  dotFiles: z.boolean().optional().meta({ description: 'For `files`: whether names that begin with a dot are hosted, too; omitted: no.' }),
} as const
