import { z } from 'zod'
import { parseBackendUrl } from '../backend-url'
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
    .meta({ description: '`http://` or `https://`, a host name or address, a port and, if wanted, a base path that is put before every path.' }),
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
  tls: object({
    verify: z.boolean().default(true).meta({ description: 'Whether the certificate of an `https://` backend has to be valid. Without it, whoever answers at that address is believed.' }),
  }).prefault({}).meta({ description: 'How an `https://` backend is spoken to.' }),
})

export type Backend = z.output<typeof backendSchema>
