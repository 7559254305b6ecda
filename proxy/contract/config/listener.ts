import { z } from 'zod'
import { parseAddress } from '../address'
import { object } from './object'
import { id, port } from './scalars'

/** Where clients connect: one address, one port, one protocol. */
export const listenerSchema = object({
  id: id.meta({ description: 'What services name it by.' }),
  address: z
    .string()
    .refine((text) => parseAddress(text) !== null, {
      error: 'write an IP address of this machine, 0.0.0.0 for all of IPv4, or :: for all of IPv4 and IPv6',
    })
    .default('0.0.0.0')
    .meta({ description: 'The address to listen on; `0.0.0.0`: every IPv4 address, `::`: every IPv4 and IPv6 address.' }),
  port: port.meta({ description: 'The port, 1 to 65535.' }),
  protocol: z
    .enum(['http', 'tcp', 'udp'], { error: 'use "http", "tcp" or "udp"; HTTPS listeners are not in this version of AstroRelay yet' })
    .default('http')
    .meta({
      description:
        'What is spoken on the port: `http` for `http`, `files` and `redirect` services, `tcp` and `udp` for services of the same type.',
    }),
  proxyProtocol: z.boolean().default(false).meta({
    description:
      'Whether every connection begins with a PROXY header (v1 or v2) that names its client. It is taken from `settings.trustedProxies` only; connections of others, or without it, are closed. Not for `udp`.',
  }),
}).superRefine(({ protocol, proxyProtocol }, context) => {
  if (protocol === 'udp' && proxyProtocol)
    context.addIssue({ code: 'custom', path: ['proxyProtocol'], message: 'datagrams carry no PROXY header; leave it out' })
})

export type Listener = z.output<typeof listenerSchema>
