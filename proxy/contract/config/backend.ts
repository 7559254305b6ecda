import { z } from 'zod'
import { parseAddress } from '../address'
import { isHost, parseBackendUrl } from '../backend-url'
import { object } from './object'
import { id } from './scalars'

/** One server behind a service. */
export const backendSchema = object({
  id: id.meta({ description: 'Its name in metrics, logs and commands; unique within the service.' }),
  url: z
    .string({ error: 'give the address of the backend, such as http://192.168.1.20:8080' })
    .superRefine((text, context) => {
      const parsed = parseBackendUrl(text)
      if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed })
    })
    .meta({
      description:
        '`http://` or `https://`, a host name or address, a port and, if wanted, a base path that is put before every path; for `tcp` and `udp` services `tcp://` or `udp://`, host and port.',
    }),
  weight: z
    .number()
    .int({ error: 'write the weight as a whole number from 1 to 100' })
    .min(1, { error: 'choose a weight from 1 to 100' })
    .max(100, { error: 'choose a weight from 1 to 100' })
    .default(1)
    .meta({ description: 'Its share of the requests, relative to the other backends.' }),
  role: z
    .enum(['primary', 'backup'], { error: 'use "primary" or "backup"' })
    .default('primary')
    .meta({ description: 'A backup gets requests only while no primary is usable; backups are used in list order.' }),
  state: z.enum(['active', 'draining', 'maintenance'], { error: 'use "active", "draining" or "maintenance"' }).default('active').meta({
    description:
      '`draining`: no new requests, running ones end, and so do visitors kept on it, within `timeouts.drain`; then it becomes `maintenance`: no requests and no checks.',
  }),
  maxConnections: z
    .number()
    .int({ error: 'write the number of requests as a whole number' })
    .min(1, { error: 'choose a number from 1 to 1000000' })
    .max(1_000_000, { error: 'choose a number from 1 to 1000000' })
    .optional()
    .meta({ description: 'So many requests at once; more wait in the service’s `queue`. Omitted: no limit.' }),
  replaces: id.optional().meta({ description: 'The backend that this one took the place of in a swap, which *Undo swap* brings back.' }),
  tls: object({
    verify: z.boolean().default(true).meta({
      description:
        'Whether the certificate of an `https://` backend has to be valid. Without it, whoever answers at that address is believed.',
    }),
    serverName: z
      .string({ error: 'write the name that is in the certificate, such as nas.office.lan' })
      .refine((text) => isHost(text) && parseAddress(text) === null, {
        error: 'write the name that is in the certificate, such as nas.office.lan',
      })
      .optional()
      .meta({
        description:
          'The name that is asked for in TLS (SNI) and that the certificate has to be for. Omitted: the host of `url`, where that is a name.',
      }),
  })
    .prefault({})
    .meta({ description: 'How an `https://` backend is spoken to.' }),
})

export type Backend = z.output<typeof backendSchema>
