import { z } from 'zod'
import { accessCountsSchema, accessImpactSchema, accessQuestionSchema, accessVerdictSchema } from './access-api'
import type { Call } from './api'
import { requestFilterSchema } from './engine-api'
import { noticeSchema } from './events'
import { issueSchema } from './issue'
import { healthHistorySchema } from './health-history'
import { lockdownMethodSchema, lockdownOverviewSchema, proofSchema } from './lockdown-api'
import { backendStateSchema, engineStateSchema, portHolderSchema, requestRowSchema, statusSchema } from './status'

/**
 * How a call looks over HTTP, below `/api/v1`. Parameters named in the path go there; the rest are the query of a GET and
 * the JSON body of anything else.
 */
export interface HttpForm {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: `/${string}`
  /** The parameter that is the whole body. */
  readonly body?: string
  /** The parameter that travels as `If-Match`. */
  readonly ifMatch?: string
  /** The result's key that is the whole answer; without it the result is. */
  readonly answer?: string
  /** The result's key that travels as `ETag`. */
  readonly etag?: string
  /** The answer is text of this type instead of JSON. */
  readonly text?: string
}

type HttpCall = Call & { readonly http: HttpForm }

const revision = z.string().meta({ description: 'A saved document’s number.' })

const secretSchema = z.object({ header: z.string(), value: z.string() })

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

export const revisionRowSchema = z.object({
  revision,
  at: z.number(),
  /** Who saved it: "window", "command line", "file", "API". */
  by: z.string(),
  /** What changed, in words: "Added Office wiki". */
  summary: z.string(),
  current: z.boolean(),
})
export type RevisionRow = z.output<typeof revisionRowSchema>

/** Ten-second buckets of one service, oldest first; a gap in time has no bucket. */
export const seriesSchema = z.object({
  step: z.number(),
  points: z.array(
    z.object({
      at: z.number(),
      perSecond: z.number(),
      failedPerSecond: z.number(),
      p50: z.number().nullable(),
      p95: z.number().nullable(),
      p99: z.number().nullable(),
    }),
  ),
})
export type Series = z.output<typeof seriesSchema>

export const infoSchema = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'server']),
  platform: z.string(),
  machine: z.string(),
  dataDirectory: z.string(),
  configFile: z.string(),
  /** Addresses by which other machines may reach this one. */
  addresses: z.array(z.string()),
  /** The subnets of "this office network", for people. */
  networks: z.array(z.string()),
  /** Network interfaces with their subnets, for choosing those of a VPN. */
  interfaces: z.array(z.object({ name: z.string(), networks: z.array(z.string()) })),
  console: z.string().nullable(),
  /** Notices of this run, oldest first. */
  notices: z.array(noticeSchema),
})
export type Info = z.output<typeof infoSchema>

/** Client → host: the same calls from the window (IPC), the console page, the command line and scripts (HTTP). */
export const controlApi = {
  'config.get': {
    summary: 'The configuration document. `ETag` is its revision.',
    params: z.object({}),
    result: z.object({ revision, document: z.unknown() }),
    http: { method: 'GET', path: '/config', answer: 'document', etag: 'revision' },
  },
  'config.put': {
    summary:
      'Saves and applies a document. 400 with `[{path, message}]` where it is not valid; 409 where `If-Match` is not the current revision. Without `If-Match` the last writer wins.',
    params: z.object({
      document: z.unknown(),
      baseRevision: revision.optional(),
      by: z.string().max(40).optional(),
      summary: z.string().max(200).optional(),
    }),
    result: z.object({
      revision,
      /** Open connections that were ended, since the new rules refuse their clients. */
      ended: z.number(),
      /** What was taken otherwise than it stands there: a block with host bits, a secret that was made. */
      notes: z.array(issueSchema),
    }),
    http: { method: 'PUT', path: '/config', body: 'document', ifMatch: 'baseRevision', etag: 'revision' },
  },
  'config.check': {
    summary: 'Checks a document and saves nothing.',
    params: z.object({ document: z.unknown() }),
    result: z.object({ issues: z.array(issueSchema), notes: z.array(issueSchema) }),
    http: { method: 'POST', path: '/config/check', body: 'document' },
  },
  status: {
    summary: 'Engine, listeners, services and backends: state, running requests, totals, latency.',
    params: z.object({}),
    result: statusSchema,
    http: { method: 'GET', path: '/status' },
  },
  'traffic.recent': {
    summary: 'Requests per second of the last 30 minutes, one number a minute, oldest first, for each service.',
    params: z.object({}),
    result: z.object({ services: z.record(z.string(), z.array(z.number())) }),
    http: { method: 'GET', path: '/traffic' },
  },
  'traffic.series': {
    summary: 'One service’s traffic of the last minutes.',
    params: z.object({ id: z.string(), minutes: z.coerce.number().int().min(1).max(60).default(15) }),
    result: seriesSchema,
    http: { method: 'GET', path: '/services/{id}/traffic' },
  },
  requests: {
    summary: 'The recent request log, newest first.',
    params: requestFilterSchema,
    result: z.array(requestRowSchema),
    http: { method: 'GET', path: '/requests' },
  },
  'backend.state': {
    summary:
      'Drains a backend, takes it out for maintenance, or makes it active; answers at once, and `/status` shows what still runs. `disconnect` cuts that.',
    params: z.object({
      service: z.string(),
      backend: z.string(),
      state: backendStateSchema,
      disconnect: z.boolean().default(false),
      by: z.string().max(40).optional(),
    }),
    result: z.object({
      revision,
      /** `requests` of a tcp or udp service are connections or sessions. */
      running: z.object({ requests: z.number(), tunnels: z.number() }),
      /** Where the service has nobody left to answer. */
      warning: z.string().nullable(),
    }),
    http: { method: 'POST', path: '/services/{service}/backends/{backend}/state' },
  },
  'backend.swap': {
    summary:
      'Puts another server in a backend’s place: tests it, gives it the work, drains the old one. A new one that fails its checks in the first 30 s is taken back by itself.',
    params: z.object({ service: z.string(), backend: z.string(), url: z.string(), by: z.string().max(40).optional() }),
    result: z.object({ backend: z.string(), revision }),
    http: { method: 'POST', path: '/services/{service}/backends/{backend}/swap' },
  },
  'backend.swap.undo': {
    summary: 'Takes a swap back: the old backend is active again, the new one drains. Takes the id of either.',
    params: z.object({ service: z.string(), backend: z.string(), by: z.string().max(40).optional() }),
    result: z.object({ backend: z.string(), revision }),
    http: { method: 'DELETE', path: '/services/{service}/backends/{backend}/swap' },
  },
  'backend.check': {
    summary: 'Checks a backend now.',
    params: z.object({ service: z.string(), backend: z.string() }),
    result: z.object({ found: z.boolean() }),
    http: { method: 'POST', path: '/services/{service}/backends/{backend}/check' },
  },
  lockdown: {
    summary: 'Every service with backends: how they are made to answer the gateway only, and what has been proven of that.',
    params: z.object({}),
    result: lockdownOverviewSchema,
    http: { method: 'GET', path: '/lockdown' },
  },
  'lockdown.set': {
    summary: 'Locks a service’s backends down by one more method. For `secret` the answer tells the secret, once.',
    params: z.object({
      service: z.string(),
      method: lockdownMethodSchema,
      header: z.string().optional(),
      version: z.enum(['v1', 'v2']).default('v2'),
      by: z.string().max(40).optional(),
    }),
    result: z.object({ revision, secret: secretSchema.nullable() }),
    http: { method: 'POST', path: '/services/{service}/lockdown' },
  },
  'lockdown.end': {
    summary: 'Removes a service’s lock-down; backends that ask for the secret then refuse the gateway.',
    params: z.object({ service: z.string(), by: z.string().max(40).optional() }),
    result: z.object({ revision }),
    http: { method: 'DELETE', path: '/services/{service}/lockdown' },
  },
  'lockdown.rotate': {
    summary: 'Makes a new secret and tells it, once. Backends should accept both until `finish`; until then the gateway sends the old one.',
    params: z.object({ service: z.string(), by: z.string().max(40).optional() }),
    result: z.object({
      revision,
      secret: secretSchema,
      /** Whether another new secret waited, which is void now. */
      replaced: z.boolean(),
    }),
    http: { method: 'POST', path: '/services/{service}/lockdown/rotate' },
  },
  'lockdown.finish': {
    summary: 'The gateway sends the new secret from now on, if every backend takes it; with `force` in any case.',
    params: z.object({ service: z.string(), force: z.boolean().default(false), by: z.string().max(40).optional() }),
    result: z.object({ revision }),
    http: { method: 'POST', path: '/services/{service}/lockdown/finish' },
  },
  'lockdown.keep': {
    summary: 'Gives a rotation up: the old secret stays, the new one is forgotten.',
    params: z.object({ service: z.string(), by: z.string().max(40).optional() }),
    result: z.object({ revision }),
    http: { method: 'DELETE', path: '/services/{service}/lockdown/rotate' },
  },
  'lockdown.verify': {
    summary: 'Tries to get past the gateway to a service’s backends, or one of them, and says what was proven.',
    params: z.object({ service: z.string(), backend: z.string().optional() }),
    result: z.object({ backends: z.array(z.object({ backend: z.string(), proof: proofSchema })) }),
    http: { method: 'POST', path: '/services/{service}/lockdown/verify' },
  },
  'service.history': {
    summary:
      'How a service and its backends fared: stretches of one state, oldest first, and incidents, newest first. Times when the gateway did not run are in none.',
    params: z.object({ id: z.string(), hours: z.coerce.number().int().min(1).max(720).default(24) }),
    result: healthHistorySchema,
    http: { method: 'GET', path: '/services/{id}/history' },
  },
  'access.test': {
    summary:
      'Whether an address would be let in to a service, and the rule that decides. With `document`: by its rules instead of the running ones.',
    params: accessQuestionSchema,
    result: accessVerdictSchema,
    http: { method: 'POST', path: '/access/test' },
  },
  'access.impact': {
    summary: 'Which addresses that were let in during the last hour, or use the console now, a document would refuse.',
    params: z.object({ document: z.unknown() }),
    result: accessImpactSchema,
    http: { method: 'POST', path: '/access/impact', body: 'document' },
  },
  'access.counts': {
    summary: 'Refusals by rule since the engine started, and clients that are blocked by themselves.',
    params: z.object({}),
    result: accessCountsSchema,
    http: { method: 'GET', path: '/access/counts' },
  },
  'access.unblock': {
    summary: 'Ends the block of a client that was blocked by itself.',
    params: z.object({ address: z.string() }),
    result: z.object({ ended: z.boolean() }),
    http: { method: 'POST', path: '/access/unblock' },
  },
  'password.hash': {
    summary: 'The hash of a password, as `basicAuth` takes it. The password is kept nowhere.',
    params: z.object({ password: z.string().min(1).max(256) }),
    result: z.object({ hash: z.string() }),
    http: { method: 'POST', path: '/passwords/hash' },
  },
  history: {
    summary: 'Saved revisions, newest first.',
    params: z.object({}),
    result: z.array(revisionRowSchema),
    http: { method: 'GET', path: '/history' },
  },
  'history.get': {
    summary: 'The document of one revision.',
    params: z.object({ revision }),
    result: z.object({ revision, document: z.unknown() }),
    http: { method: 'GET', path: '/history/{revision}', answer: 'document', etag: 'revision' },
  },
  'history.restore': {
    summary: 'Makes an earlier revision’s document the current one, as a new revision.',
    params: z.object({ revision }),
    result: z.object({ revision }),
    http: { method: 'POST', path: '/history/{revision}/restore' },
  },
  'engine.start': {
    summary: 'Starts the gateway.',
    params: z.object({}),
    result: engineStateSchema,
    http: { method: 'POST', path: '/engine/start' },
  },
  'engine.stop': {
    summary: 'Stops the gateway; running requests may end first.',
    params: z.object({}),
    result: engineStateSchema,
    http: { method: 'POST', path: '/engine/stop' },
  },
  'engine.restart': {
    summary: 'Stops and starts the gateway.',
    params: z.object({}),
    result: engineStateSchema,
    http: { method: 'POST', path: '/engine/restart' },
  },
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
      expect: z.enum(['ssh', 'rdp', 'tls']).optional(),
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
  info: {
    summary: 'Version, platform, where data lies, addresses of this machine.',
    params: z.object({}),
    result: infoSchema,
    http: { method: 'GET', path: '/info' },
  },
  metrics: {
    summary: 'Counters in the Prometheus text format.',
    params: z.object({}),
    result: z.string(),
    http: { method: 'GET', path: '/metrics', text: 'text/plain; version=0.0.4; charset=utf-8' },
  },
} as const satisfies Readonly<Record<string, HttpCall>>

export type ControlApi = typeof controlApi
export type ControlCallName = keyof ControlApi

/** The body of every answer that is an error, except a refused configuration, which is the bare list of issues. */
export const errorAnswerSchema = z.object({ error: z.object({ code: z.string(), message: z.string(), revision: z.string().optional() }) })
