import { z } from 'zod'
import { object } from './object'
import { MASK, SECRET } from './secret'
import { editableHeader } from './scalars'

/** The header that carries the secret, unless another is chosen. */
export const SECRET_HEADER = 'X-AstroRelay-Key'

const secret = z
  .string({ error: 'write the secret as text, or leave it out to have one made' })
  .refine((text) => text === MASK || /^[\x21-\x7e]{1,256}$/.test(text), {
    error: 'use 1 to 256 visible ASCII characters without blanks, or leave it out to have one made',
  })

/** Fields that the gateway sets itself, or that programs read as somebody's identity and write into their logs. */
const TAKEN =
  /^(?:x[-_]forwarded[-_].*|x[-_]real[-_]ip|x[-_]request[-_]id|forwarded|via|authorization|proxy[-_].*|cookie|set[-_]cookie|accept.*|content[-_].*|if[-_].*|range|origin|referer|user[-_]agent|date)$/i

/** How backends tell the gateway from everybody else. */
export const lockdownSchema = object({
  secretHeader: object({
    name: editableHeader
      .refine((text) => text.split(/[-_]/).length <= 6 && /^[A-Za-z]/.test(text), {
        error: 'use a name of at most six words, such as X-AstroRelay-Key',
      })
      .refine((text) => !TAKEN.test(text), {
        error: 'this header has a meaning of its own; use one that nobody else sends, such as X-AstroRelay-Key',
      })
      .default(SECRET_HEADER)
      .meta({ description: 'The header; what clients send under this name never reaches a backend.' }),
    value: secret.meta({
      ...SECRET,
      description: `What backends get in it. Left out in a call: 256 bits are made. Shown as \`${MASK}\` ever after.`,
    }),
    next: secret.optional().meta({ ...SECRET, description: 'The secret that takes its place: during a rotation backends accept both.' }),
  })
    .optional()
    .meta({ description: 'A secret that only gateway and backends know; omitted: none.' }),
  proxyProtocol: z.enum(['off', 'v1', 'v2'], { error: 'use "off", "v1" or "v2"' }).default('off').meta({
    description:
      'Whether every connection to a backend begins with a PROXY header, which names the client. Connections to such a backend are not shared among clients.',
  }),
  network: z.boolean().default(false).meta({
    description: 'Whether firewalls let only the gateway through to the backends: noted here, and asked for on the Lock-down screen.',
  }),
  clientCertificate: z
    .null({ error: 'client certificates are not in this version of AstroRelay yet; use null' })
    .default(null)
    .meta({ description: 'Reserved for client certificates.' }),
})

export type Lockdown = z.output<typeof lockdownSchema>
