import { z } from 'zod'
import { object } from './object'
import { duration } from './scalars'

const status = z
  .string({ error: 'write the good answers as text, such as "200-399"' })
  .regex(/^\s*[1-5]\d\d(-[1-5]\d\d)?(\s*,\s*[1-5]\d\d(-[1-5]\d\d)?)*\s*$/, { error: 'list status codes and ranges, such as "200-399,401"' })
  .default('200-399')
  .meta({ description: 'Answers that count as healthy: codes and ranges, separated by commas. Redirects are not followed.' })

const NUMBER = 'choose a whole number from 1 to 10'
const inARow = z.number({ error: NUMBER }).int({ error: NUMBER }).min(1, { error: NUMBER }).max(10, { error: NUMBER })

/** How a backend is watched. The defaults find a backend that hangs within 13 s and one that refuses within 7 s. */
export const healthSchema = object({
  type: z.enum(['http', 'tcp', 'off'], { error: 'use "http", "tcp" or "off"' }).optional().meta({
    description:
      '`tcp`: it accepts a connection; `http`: it answers `path` as expected; `off`: not watched. Omitted: `http` where a path is given, `off` for `udp` services, else `tcp`.',
  }),
  path: z
    .string()
    .regex(/^\/[^\s#]*$/, { error: 'start with / and leave out blanks and #' })
    .optional()
    .meta({ description: 'What is asked for, with GET.' }),
  interval: duration('1s', '1h').prefault('5s').meta({
    description: 'Time between checks; 1 s while the state is changing, and up to 10 % more or less, so that checks do not fall together.',
  }),
  timeout: duration('100ms', '1m').prefault('2s').meta({ description: 'How long one check may take; not longer than `interval`.' }),
  rise: inARow.default(2).meta({ description: 'Good checks in a row before a backend that was down is used again.' }),
  fall: inARow
    .default(3)
    .meta({ description: 'Failed checks in a row before a backend is taken out. The only backend of a service is never taken out.' }),
  status,
  body: z
    .string()
    .min(1, { error: 'write the text that has to be in the answer' })
    .max(200, { error: 'use at most 200 characters' })
    .optional()
    .meta({ description: 'A text that has to be in the first 64 KB of the answer; for `http` checks.' }),
  expect: z.enum(['ssh', 'rdp', 'tls', 'mysql'], { error: 'use "ssh", "rdp", "tls" or "mysql"' }).optional().meta({
    description:
      'For `tcp` services: the greeting that has to come, so that a port that merely accepts is not taken for the program. Omitted: a connection is enough.',
  }),
}).superRefine((health, context) => {
  if (health.timeout > health.interval)
    context.addIssue({ code: 'custom', path: ['timeout'], message: 'choose a time-out that is not longer than the interval' })
  if (health.type === 'http' && health.path === undefined)
    context.addIssue({ code: 'custom', path: ['path'], message: 'an http check needs a path, such as "/"' })
})

export type Health = z.output<typeof healthSchema>
