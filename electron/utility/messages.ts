import { z } from 'zod'

/** What the app tells the utility process: a program to start as the gateway, which then outlives both. */
export const askSchema = z.object({ args: z.array(z.string()), environment: z.record(z.string(), z.string()) })
export type Ask = z.output<typeof askSchema>

/** What it answers, over the program's life: its pid, what it prints, how it ended. */
export const tellSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), line: z.string() }),
  z.object({ kind: z.literal('pid'), pid: z.number().nullable() }),
  z.object({
    kind: z.literal('end'),
    end: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('exited'), code: z.number() }),
      z.object({ kind: z.enum(['crashed', 'killed']), code: z.number().nullable(), signal: z.string().nullable() }),
      z.object({ kind: z.literal('out-of-memory'), code: z.number().nullable() }),
      z.object({ kind: z.literal('not-started'), reason: z.string() }),
      z.object({ kind: z.enum(['gone', 'lost']) }),
    ]),
  }),
])
export type Tell = z.output<typeof tellSchema>
