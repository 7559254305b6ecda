import { z } from 'zod'
import { isHost } from '../backend-url'
import { accessSchema, basicAuthSchema, rateLimitSchema } from './access'
import { backendSchema } from './backend'
import { healthSchema } from './health'
import { HOSTED } from './hosted'
import { lockdownSchema } from './lockdown'
import { maintenanceSchema } from './maintenance'
import { object } from './object'
import { REDIRECT } from './redirect'
import { duration, editableHeader, headerName, headerValue, id, size } from './scalars'
import { SECRET_HEADERS } from './secret'
import { requireForType, SERVICE_TYPES } from './service-kinds'

/** A host name, an address, `*.name` for every name below, or `*` for any host. Kept in small letters without a final dot. */
const hostPattern = z
  .string({ error: 'write a host name, such as wiki.office.lan' })
  .refine(
    (text) =>
      text === '*' ||
      isHost(
        text
          .replace(/^\*\./, '')
          .replace(/\.$/, '')
          .replace(/^\[(.*)\]$/, '$1'),
      ),
    {
      error: (issue) => hostProblem(String(issue.input)),
    },
  )
  .transform((text) =>
    text
      .toLowerCase()
      .replace(/\.$/, '')
      .replace(/^\[(.*)\]$/, '$1'),
  )
  .meta({ type: 'string' })

function hostProblem(text: string): string {
  if (/[^\x20-\x7e]/.test(text)) return 'write the name in its ASCII form (xn--…)'
  if (/:\/\//.test(text) || text.includes('/')) return 'leave out http:// and the path; they have fields of their own'
  if (/^[^:]+:\d+$/.test(text)) return 'leave out the port; it belongs to the listener'
  if (text.includes('*')) return 'a wildcard is * alone or the first label, as in *.office.lan'
  return 'write a host name such as wiki.office.lan, without blanks'
}

const headerChanges = object({
  set: z
    .record(editableHeader, headerValue)
    .default({})
    .meta({
      ...SECRET_HEADERS,
      description:
        'Headers to set, replacing what is there. Values that let somebody in (`Authorization`, `Cookie`, `X-Api-Key` and the like) are shown as `••••••••`, which keeps them where it is saved.',
    }),
  remove: z.array(editableHeader).default([]).meta({ description: 'Headers to take out.' }),
})

const headers = object({
  host: z
    .enum(['preserve', 'backend'], { error: 'use "preserve" or "backend"' })
    .default('preserve')
    .meta({ description: 'The Host the backend sees: `preserve`: as the client sent it; `backend`: its own name.' }),
  request: headerChanges.prefault({}).meta({ description: 'Changes to what the backend gets.' }),
  response: headerChanges.prefault({}).meta({ description: 'Changes to what clients get.' }),
})

const timeouts = object({
  connect: duration('100ms', '2m').prefault('3s').meta({ description: 'For a connection to a backend to be made.' }),
  response: duration('100ms', '1d')
    .prefault('60s')
    .meta({ description: 'From the end of the request to the first byte of the answer; then 504.' }),
  idle: duration('1s', '1d').prefault('60s').meta({
    description:
      'Between two pieces of a body, either way; for `tcp`, once one side has ended its half; for `udp`, how long a client’s session outlives its last datagram.',
  }),
  drain: duration('1s', '1d')
    .prefault('5m')
    .meta({ description: 'How long a draining backend keeps visitors that were on it, at most; then it becomes maintenance.' }),
  tunnel: duration('1s', '30d')
    .prefault('1h')
    .meta({ description: 'Without a byte either way on a WebSocket, an event stream or a `tcp` connection.' }),
})

/** What is exposed: where it is reached, who may reach it, and the backends that answer. */
export const serviceSchema = object({
  id: id.meta({ description: 'A stable slug: the key of metrics, logs and API addresses.' }),
  name: z
    .string()
    .trim()
    .min(1, { error: 'give it a name' })
    .max(60, { error: 'use at most 60 characters' })
    .optional()
    .meta({ description: 'What people read; omitted: the id.' }),
  type: z.enum(SERVICE_TYPES, { error: 'use "http", "files", "redirect", "tcp" or "udp"' }).default('http').meta({
    description:
      '`http`: a web service behind the gateway; `files`: a folder; `redirect`: another address; `tcp`, `udp`: a port of a machine.',
  }),
  enabled: z.boolean().default(true).meta({ description: 'A service that is switched off keeps its settings and answers nobody.' }),
  listeners: z
    .array(id)
    .min(1, { error: 'name at least one listener, or leave the key out for all' })
    .optional()
    .meta({ description: 'Ids of listeners; omitted: every listener of a fitting protocol.' }),
  hosts: z.array(hostPattern).min(1, { error: 'name at least one host, or leave the key out for any' }).prefault(['*']).meta({
    description:
      'Names it answers to; omitted or `["*"]`: any. For `tcp`: names that TLS clients ask for (SNI), so that several share a port; the TLS itself is the backend’s.',
  }),
  path: z
    .string()
    .regex(/^\/[^\s?#]*$/, { error: 'start with / and leave out blanks, ? and #' })
    .refine((path) => !/\/\/|\/\.{1,2}(\/|$)|%(?:2[def]|3\d|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])|\\/i.test(path), {
      error: 'write the path plainly, without //, /./ or percent-encoded letters, digits, slashes and dots',
    })
    .transform((path) => (path === '/' ? path : path.replace(/\/$/, '')))
    .prefault('/')
    .meta({ type: 'string', description: 'The longest matching prefix wins, on segment borders: `/api` holds `/api/v2`, not `/apix`.' }),
  stripPath: z.boolean().default(false).meta({
    description: 'Whether `path` is taken off before the request goes to the backend, which is told it as `X-Forwarded-Prefix`.',
  }),
  slashRedirect: z.boolean().default(true).meta({
    description:
      'With `stripPath`: whether a visitor who asks for `/app` is sent to `/app/`, so that the relative links of the page there lead somewhere.',
  }),
  backends: z
    .array(backendSchema)
    .default([])
    .meta({ description: 'The servers that answer; for `http`, `tcp` and `udp`, which need one at least.' }),
  ...HOSTED,
  ...REDIRECT,
  balance: object({
    policy: z
      .enum(['round-robin', 'least-connections', 'random-two', 'client-ip'], {
        error: 'use round-robin, least-connections, random-two or client-ip',
      })
      .default('round-robin')
      .meta({
        description:
          'How requests are shared: in turn by weight; to the fewest running requests; the better of two drawn; by the client’s address.',
      }),
    sticky: object({
      cookie: headerName.meta({
        description:
          'The name of the cookie that tells a visitor’s backend; it never reaches the backend. Services that share it and a host get an ending of their own each (`relay-1a2b3c4d`), and keep the visitors they have.',
      }),
    })
      .optional()
      .meta({ description: 'Keeps each visitor on one backend by a cookie; omitted: not kept.' }),
    slowStart: duration('1s', '1h').optional().meta({
      description: 'For so long a backend that has come back gets a share that grows to its own; omitted: its whole share at once.',
    }),
  })
    .prefault({})
    .meta({ description: 'How requests are shared among the backends.' }),
  queue: object({
    length: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .default(100)
      .meta({ description: 'So many requests may wait while every backend has its `maxConnections`; more are answered 503 at once.' }),
    wait: duration('100ms', '1m').prefault('2s').meta({ description: 'How long each may wait; then 503.' }),
  })
    .prefault({})
    .meta({ description: 'Where requests wait for a backend that is full.' }),
  retry: object({
    attempts: z
      .number()
      .int()
      .min(0, { error: 'choose a number from 0 to 10' })
      .max(10, { error: 'choose a number from 0 to 10' })
      .default(2)
      .meta({
        description:
          'How many other backends are tried where one cannot be connected to, or closed before it answered a GET, HEAD or OPTIONS.',
      }),
  })
    .prefault({})
    .meta({ description: 'Trying another backend.' }),
  maintenance: maintenanceSchema.prefault({}).meta({ description: 'The page that visitors see while the service is away.' }),
  alerts: object({
    mute: z.boolean().default(false).meta({ description: 'Whether nobody is told when this service fails or comes back.' }),
    muteUntil: z.iso
      .datetime({ offset: true, error: 'write a time such as 2027-01-01T00:00:00Z' })
      .optional()
      .meta({ description: 'Muted until then.' }),
  })
    .prefault({})
    .meta({ description: 'Telling people about this service.' }),
  health: healthSchema.prefault({}).meta({ description: 'How the backends are watched.' }),
  timeouts: timeouts.prefault({}).meta({ description: 'How long each part of a request may take.' }),
  access: accessSchema.prefault({}).meta({ description: 'Who may reach the service.' }),
  basicAuth: basicAuthSchema.optional().meta({ description: 'Who has to sign in with a name and a password; omitted: nobody.' }),
  rateLimit: rateLimitSchema.optional().meta({ description: 'How many requests one client may make; omitted: no limit.' }),
  maxBody: size('1B', '1024GB').optional().meta({ description: 'The largest request body; omitted: no limit.' }),
  headers: headers.prefault({}).meta({ description: 'Changes to headers, both ways.' }),
  lockdown: lockdownSchema.prefault({}).meta({ description: 'How backends are made to answer the gateway only.' }),
}).superRefine(requireForType)

export type Service = z.output<typeof serviceSchema>
export type ServiceDocument = z.input<typeof serviceSchema>
