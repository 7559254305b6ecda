import { z } from 'zod'

/** `attention`: something of it was down, or a backup answered. */
export const pastStateSchema = z.enum(['up', 'attention', 'down', 'maintenance', 'checking'])
export type PastState = z.output<typeof pastStateSchema>

/** A time in which something was in one state; the last one goes on. */
export const stretchSchema = z.object({ from: z.number(), to: z.number(), state: pastStateSchema, reason: z.string().nullable() })
export type Stretch = z.output<typeof stretchSchema>

export const healthHistorySchema = z.object({
  from: z.number(),
  to: z.number(),
  service: z.array(stretchSchema),
  backends: z.array(z.object({ id: z.string(), stretches: z.array(stretchSchema) })),
  incidents: z.array(
    z.object({
      from: z.number(),
      to: z.number().nullable(),
      state: z.enum(['down', 'attention']),
      reason: z.string(),
      backend: z.string().nullable(),
    }),
  ),
  /** Share of the watched time that it could be reached, maintenance left out; null where none was watched. */
  uptime: z.number().nullable(),
})
export type HealthHistory = z.output<typeof healthHistorySchema>

/** Share of the watched time that it was not down, null where none was watched. Maintenance is no outage. */
export function uptimeOf(own: readonly Stretch[]): number | null {
  let up = 0
  let all = 0
  for (const { from, to, state } of own) {
    if (state === 'maintenance' || state === 'checking') continue
    all += to - from
    if (state !== 'down') up += to - from
  }
  return all === 0 ? null : up / all
}
