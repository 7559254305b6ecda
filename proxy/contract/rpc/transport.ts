import { z } from 'zod'
import { failureSchema } from '../failure'

/** Where a list belongs that was sent ahead (see lists.ts). */
const listPlaceSchema = z.object({ at: z.array(z.union([z.string(), z.number()])), list: z.number() })
export type ListPlace = z.output<typeof listPlaceSchema>

/** What goes over a channel between two processes: JSON values only, since fork and structured clone differ on the rest. */
export const frameSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.number(), name: z.string(), params: z.unknown(), lists: z.array(listPlaceSchema).optional() }),
  z.object({ kind: z.literal('result'), id: z.number(), result: z.unknown(), lists: z.array(listPlaceSchema).optional() }),
  z.object({ kind: z.literal('items'), list: z.number(), items: z.array(z.unknown()) }),
  z.object({ kind: z.literal('forget'), lists: z.array(z.number()) }),
  z.object({ kind: z.literal('failure'), id: z.number(), failure: failureSchema }),
  z.object({ kind: z.literal('event'), name: z.string(), payload: z.unknown() }),
])
export type Frame = z.output<typeof frameSchema>

/** A channel: `fork`, a utility process, an IPC bridge or two arrays in a test. Frames from outside are parsed by the receiver. */
export interface Transport {
  send(frame: Frame): void
  onFrame(listener: (frame: unknown) => void): void
  onClose(listener: () => void): void
}
