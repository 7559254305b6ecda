import { z } from 'zod'
import type { SmallStore } from './store'

const boundsSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })

const memorySchema = z.object({
  /** Where the window was when it was last seen, and whether it filled the screen. */
  window: boundsSchema.extend({ maximised: z.boolean() }).nullable().catch(null),
  /** Whether the person has been told that a closed window leaves the gateway running. */
  toldItKeepsRunning: z.boolean().catch(false),
  /** The answer to “Keep the gateway running?” that the person does not want to give again; null: ask. */
  onQuit: z.enum(['stop', 'keep']).nullable().catch(null),
})

type Remembered = z.output<typeof memorySchema>
export type WindowPlace = NonNullable<Remembered['window']>

/** What the desktop remembers between starts; what of it cannot be read is forgotten, not an error. */
export class Memory {
  #content: Remembered
  readonly #listeners = new Set<() => void>()

  constructor(private readonly store: SmallStore) {
    this.#content = memorySchema.parse(store.read())
  }

  get content(): Remembered {
    return this.#content
  }

  remember(change: Partial<Remembered>): void {
    this.#content = { ...this.#content, ...change }
    this.store.write(this.#content)
    for (const listener of this.#listeners) listener()
  }

  /** Tells whenever something is remembered, until the given function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
