import { z } from 'zod'

/** Why the gateway ends what runs for a client, whose right to be there is judged anew: each with the words that the log has for it. */
export const ENDINGS = {
  closed: 'everything was closed',
  blocked: 'its address is blocked',
  rules: 'the rules no longer let it in',
  signIn: 'its service asks for a sign-in now',
  user: 'its user was removed or renamed',
  password: 'the password of its user was changed',
  deleted: 'its service was deleted',
  off: 'its service was switched off',
  type: 'its service became one of another type',
  moved: 'what it asked for belongs to its service no longer',
  proxy: 'the proxy that brought it is trusted no longer',
  disconnected: 'its backend was disconnected by hand',
} as const satisfies Readonly<Record<string, string>>

export type EndingName = keyof typeof ENDINGS

/** How many were ended since the engine started, by name; those that never were are left out. */
export const endingCountsSchema = z.record(z.string(), z.number())
export type EndingCounts = z.output<typeof endingCountsSchema>
