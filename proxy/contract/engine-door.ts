import { z } from 'zod'

/**
 * How an engine is found and spoken to: it listens on a local socket (a named pipe on Windows), whose address and key it
 * gets in its environment. So it serves on when its host ends, and the next host finds it.
 */
export const DOOR = { address: 'ASTRORELAY_ENGINE_ADDRESS', key: 'ASTRORELAY_ENGINE_KEY', build: 'ASTRORELAY_ENGINE_BUILD' } as const

/** The first line of whoever connects. A host takes the place of the one before; a visitor may only ask for what protects. */
export const helloSchema = z.object({ hello: z.literal('astrorelay'), key: z.string(), as: z.enum(['host', 'visitor']) })
export type Hello = z.output<typeof helloSchema>

/** The engine's answer to the right key. */
export const welcomeSchema = z.object({
  welcome: z.object({
    pid: z.number().int().positive(),
    /** Which build of the program it runs, as its first host called it. */
    build: z.string(),
  }),
})
export type Welcome = z.output<typeof welcomeSchema>['welcome']

/** A program that is started as an engine. */
export const engineProgramSchema = z.object({
  file: z.string(),
  args: z.array(z.string()),
  /** Added to the environment of whoever starts it. */
  environment: z.record(z.string(), z.string()),
})
export type EngineProgram = z.output<typeof engineProgramSchema>
