import { z } from 'zod'
import { isHost } from '../backend-url'

const TARGET = /^https?:\/\/(\[[0-9a-f:.]+\]|[^/:?#[\]@\s]+)(?::(\d{1,5}))?(\/[^?#\s\\]*)?$/i

/** The settings of a `redirect` service, beside those of every service. */
export const REDIRECT = {
  to: z
    .string({ error: 'write where to, such as https://wiki.office.lan' })
    .refine(isTarget, { error: 'write a full address without ? and #, such as https://wiki.office.lan' })
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

function isTarget(text: string): boolean {
  const match = TARGET.exec(text)
  const host = match?.[1]?.replace(/^\[|\]$/g, '')
  return (
    host !== undefined &&
    isHost(host) &&
    (match?.[2] === undefined || (Number(match[2]) >= 1 && Number(match[2]) <= 65_535)) &&
    /^[\x21-\x7e]*$/.test(text)
  )
}
