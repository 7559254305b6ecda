import { z } from 'zod'
import { failureSchema } from '../failure'

/** What goes over a channel between two processes: JSON values only, since fork and structured clone differ on the rest. */
export const frameSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.number(), name: z.string(), params: z.unknown() }),
  z.object({ kind: z.literal('result'), id: z.number(), result: z.unknown() }),
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
