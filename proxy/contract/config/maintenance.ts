import { z } from 'zod'
import { from } from './access'
import { object } from './object'
import { duration } from './scalars'

/** The page that visitors see while a service is away. */
export const maintenanceSchema = object({
  mode: z
    .enum(['off', 'on', 'auto'], { error: 'use "off", "on" or "auto"' })
    .default('auto')
    .meta({ description: '`on`: everybody gets the page; `auto`: only while no backend is usable; `off`: then a plain page is shown.' }),
  title: z
    .string()
    .trim()
    .min(1, { error: 'give the page a title' })
    .max(100, { error: 'use at most 100 characters' })
    .optional()
    .meta({ description: 'The page’s heading.' }),
  message: z
    .string()
    .trim()
    .max(1_000, { error: 'use at most 1000 characters' })
    .optional()
    .meta({ description: 'What it says, in plain text.' }),
  until: z.iso
    .datetime({ offset: true, error: 'write a time such as 2027-01-01T00:00:00Z' })
    .optional()
    .meta({ description: 'When the service is expected back; told on the page and as `Retry-After`.' }),
  retryAfter: duration('1s', '1d')
    .optional()
    .meta({ description: 'When clients may come back, where no `until` is given; omitted: 5 minutes.' }),
  allow: z.array(from).default([]).meta({ description: 'Addresses that see the real site all the same.' }),
})

export type Maintenance = z.output<typeof maintenanceSchema>
