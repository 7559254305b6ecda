import { z } from 'zod'
import { portHolderSchema } from '../status'
import type { HttpCall } from './http-call'

/** A program on this machine that listens and speaks HTTP. */
export const discoveredSchema = z.object({
  url: z.string(),
  port: z.number(),
  /** The program's name, where the system tells. */
  program: z.string().nullable(),
  pid: z.number().nullable(),
  /** The page's title. */
  title: z.string().nullable(),
  status: z.number(),
  latency: z.number(),
  /** The service that already exposes it. */
  exposedBy: z.string().nullable(),
})
export type Discovered = z.output<typeof discoveredSchema>

/** What *Test* found out about a backend. */
export const backendVerdictSchema = z.object({
  verdict: z.enum(['ok', 'answers', 'name-not-found', 'refused', 'timeout', 'certificate', 'loop', 'not-http', 'unreachable']),
  /** The finding in a sentence: "Nothing answers on port 8081 at 192.168.1.20. …" */
  text: z.string(),
  status: z.number().nullable(),
  latency: z.number().nullable(),
  title: z.string().nullable(),
})
export type BackendVerdict = z.output<typeof backendVerdictSchema>

/** Whether a listener could be opened on an address and port, and the nearest that could. */
export const portVerdictSchema = z.object({
  free: z.boolean(),
  /** Taken by one of the gateway's own listeners, which another service may share. */
  own: z.boolean(),
  reason: z.string().nullable(),
  holder: portHolderSchema.nullable(),
  /** The next free port above. */
  suggestion: z.number().nullable(),
})
export type PortVerdict = z.output<typeof portVerdictSchema>

/** What is known of a folder to host. */
export const folderVerdictSchema = z.object({ verdict: z.enum(['ok', 'missing', 'not-valid', 'risky']), text: z.string() })
export type FolderVerdict = z.output<typeof folderVerdictSchema>

/** Finding out before something is saved: what runs on this machine, and what a backend, folder or port is good for. */
export const doctorCalls = {
  'discovery.scan': {
    summary: 'Looks for web services that listen on this machine.',
    params: z.object({}),
    result: z.object({ found: z.array(discoveredSchema), checked: z.number(), duration: z.number() }),
    http: { method: 'POST', path: '/discovery/scan' },
  },
  'backend.test': {
    summary: 'Asks a backend once and says in words what comes back.',
    params: z.object({
      url: z.string(),
      verify: z.boolean().default(true),
      /** As in `backends[].tls.serverName` and `lockdown.proxyProtocol`. */
      serverName: z.string().optional(),
      proxyProtocol: z.enum(['off', 'v1', 'v2']).default('off'),
      host: z.string().optional(),
      path: z.string().default('/'),
      expect: z.enum(['ssh', 'rdp', 'tls', 'mysql']).optional(),
    }),
    result: backendVerdictSchema,
    http: { method: 'POST', path: '/backends/test' },
  },
  'folder.test': {
    summary: 'Says whether a folder is there and can be read, and whether hosting it would give away more than anybody means to.',
    params: z.object({ folder: z.string().max(4_096) }),
    result: folderVerdictSchema,
    http: { method: 'POST', path: '/folders/test' },
  },
  'port.test': {
    summary: 'Says whether a port can be listened on, who has it, and which is the next free one.',
    params: z.object({
      address: z.string().default('0.0.0.0'),
      port: z.coerce.number().int().min(1).max(65_535),
      transport: z.enum(['tcp', 'udp']).default('tcp'),
    }),
    result: portVerdictSchema,
    http: { method: 'POST', path: '/ports/test' },
  },
} as const satisfies Readonly<Record<string, HttpCall>>
