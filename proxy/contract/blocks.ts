import { z } from 'zod'

/** A client that is blocked by itself, as it is given to an engine that starts: spans cross processes, whose clocks may differ. */
export const handedBlockSchema = z.object({
  address: z.string(),
  /** Since when, in epoch ms. */
  since: z.number(),
  /** For how many ms more. */
  rest: z.number().positive(),
  reason: z.string(),
})
export type HandedBlock = z.output<typeof handedBlockSchema>
