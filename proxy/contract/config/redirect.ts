import { z } from 'zod'
import { isHost } from '../backend-url'
import { port } from './scalars'

const TARGET = /^(https?):\/\/(\[[0-9a-f:.]+\]|[^/:?#[\]@\s]+)(?::(\d{1,5}))?(\/[^?#\s\\]*)?$/i

/** What holds for a `redirect` service that does not say it. */
export const REDIRECT_OMITTED = { status: 308, keepPath: true } as const

/** The settings of a `redirect` service, beside those of every service. */
export const REDIRECT = {
  to: z
    .string({ error: 'write where to, such as https://wiki.office.lan' })
    .refine((text) => parseTarget(text) !== null, { error: 'write a full address without ? and #, such as https://wiki.office.lan' })
    .optional()
    .meta({ description: 'For `redirect`: where visitors are sent; path and query of what they asked for are added.' }),
  status: z
    .union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)], { error: 'use 301, 302, 307 or 308' })
    .optional()
    .meta({
      description:
        'For `redirect`: 308 and 301 are for good and remembered by browsers, 307 and 302 for now; 307 and 308 keep the method. Omitted: 308.',
    }),
  keepPath: z.boolean().optional().meta({ description: 'For `redirect`: whether path and query are added; omitted: yes.' }),
} as const

/** A target, taken apart. */
export interface Target {
  readonly secure: boolean
  /** In small letters, an IPv6 address without brackets. */
  readonly host: string
  readonly port: number
  readonly path: string
}

/** Takes the target of a redirect apart; null where the text is none. */
export function parseTarget(text: string): Target | null {
  const match = TARGET.exec(text)
  const host = match?.[2]?.toLowerCase().replace(/^\[|\]$/g, '')
  if (host === undefined || !isHost(host) || !/^[\x21-\x7e]*$/.test(text)) return null
  const secure = match?.[1]?.toLowerCase() === 'https'
  const target = match?.[3] === undefined ? (secure ? 443 : 80) : Number(match[3])
  return port.safeParse(target).success ? { secure, host, port: target, path: match?.[4] ?? '/' } : null
}
