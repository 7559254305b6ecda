import { z } from 'zod'
import { isRange } from '../address'
import { object } from './object'
import { duration, size } from './scalars'

/** What holds for the whole gateway. */
export const settingsSchema = object({
  trustedProxies: z
    .array(z.string().refine((text) => isRange(text), { error: 'write an address or block, such as 192.168.1.2 or 10.0.0.0/8' }))
    .default([])
    .meta({
      description:
        'Peers whose X-Forwarded-For, -Proto, -Host, -Port and -Prefix, or Forwarded, are believed, and what they say of who has signed in (Remote-User, X-Auth-Request-User and their kin). Empty: nobody’s.',
    }),
  closed: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether everything is closed: no connection is taken, on any listener, until this is `false` again.' }),
  vpnInterfaces: z
    .array(z.string().min(1, { error: 'name a network interface, such as wg0' }).max(64))
    .default([])
    .meta({ description: 'Network interfaces of this machine whose subnets count as `vpn`, such as `wg0`.' }),
  autoBlock: object({
    enabled: z.boolean().default(false).meta({
      description:
        'Whether clients that keep being refused are blocked for a while. Never this machine’s own addresses, nor clients that a rule allows.',
    }),
    refusals: z
      .number()
      .int()
      .min(2, { error: 'choose a number from 2 to 1000' })
      .max(1_000, { error: 'choose a number from 2 to 1000' })
      .default(10)
      .meta({ description: 'So many refusals or failed sign-ins …' }),
    within: duration('1s', '1d').prefault('1m').meta({ description: '… within so much time …' }),
    for: duration('1s', '30d').prefault('10m').meta({ description: '… block the client for so long.' }),
  })
    .prefault({})
    .meta({ description: 'Blocking clients that keep being refused.' }),
  limits: object({
    headerBytes: size('4KB', '1MB').prefault('32KB').meta({ description: 'The largest request head; above it 431.' }),
    answerHeaderBytes: size('4KB', '1MB').prefault('32KB').meta({ description: 'The largest head of a backend’s answer; above it 502.' }),
    buffers: size('16MB', '64GB').prefault('256MB').meta({
      description:
        'How much may wait in memory for clients and backends that do not take what they are sent, of all connections together; the nearer it is, the sooner who sends it is held back.',
    }),
    connections: z.number().int().min(1).max(1_000_000).default(10_000).meta({
      description:
        'Open client connections per listener; more are closed at once. For `udp` so many sessions: a new one ends the one that seems least real.',
    }),
    connectionsPerClient: z.number().int().min(1).max(1_000_000).default(256).meta({
      description:
        'Open connections of one client, which is an IPv4 address or an IPv6 network `/64`; for `udp`, counted apart, so many of its sessions on one listener.',
    }),
    handshakes: z.number().int().min(16, { error: 'choose a number from 16 to 1000000' }).max(1_000_000).optional().meta({
      description:
        'Connections, of all listeners together, that have not said yet what they want: before their PROXY header, TLS hello or whole request. A new one ends the longest silent. Omitted: as many as `connections`.',
    }),
    handshakesPerClient: z.number().int().min(1).max(1_000_000).optional().meta({
      description: 'The same of one client. Omitted: as many as `connectionsPerClient`.',
    }),
  })
    .prefault({})
    .meta({ description: 'What one client, or all of them, may take up.' }),
  timeouts: object({
    keepAlive: duration('1s', '1h').prefault('65s').meta({
      description:
        'How long a client’s connection may wait for its next request. A proxy or balancer in front of this one should wait less long itself.',
    }),
    withoutHost: duration('1s', '30d').nullable().default(null).meta({
      description:
        'How long the gateway’s own process goes on serving after the program that supervises it has died; `null`: until it is stopped. The next start takes it over.',
    }),
  })
    .prefault({})
    .meta({ description: 'How long clients’ connections may wait, and visitors be served without supervision.' }),
  alerts: object({
    desktop: z.boolean().default(true).meta({ description: 'Whether the desktop shows notifications.' }),
    webhook: z
      .null({ error: 'use null; webhooks are not in this version of AstroRelay yet' })
      .default(null)
      .meta({ description: 'Always `null` in this version.' }),
    email: z
      .null({ error: 'use null; e-mail is not in this version of AstroRelay yet' })
      .default(null)
      .meta({ description: 'Always `null` in this version.' }),
  })
    .prefault({})
    .meta({ description: 'Who is told when something happens.' }),
})

export type Settings = z.output<typeof settingsSchema>
