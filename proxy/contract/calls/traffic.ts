import { z } from 'zod'
import { requestFilterSchema } from '../engine-api'
import { healthHistorySchema } from '../health-history'
import { requestRowSchema, statusSchema } from '../status'
import type { HttpCall } from './http-call'

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

/** How the gateway fares now and fared lately: state, numbers, requests, health. */
export const trafficCalls = {
  status: {
    summary: 'Engine, listeners, services and backends: state now; running requests, totals and latency as of the last second.',
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
  'service.history': {
    summary:
      'How a service and its backends fared: stretches of one state, oldest first, and incidents, newest first. Times when the gateway did not run are in none.',
    params: z.object({ id: z.string(), hours: z.coerce.number().int().min(1).max(720).default(24) }),
    result: healthHistorySchema,
    http: { method: 'GET', path: '/services/{id}/history' },
  },
  metrics: {
    summary: 'Counters in the Prometheus text format.',
    params: z.object({}),
    result: z.string(),
    http: { method: 'GET', path: '/metrics', text: 'text/plain; version=0.0.4; charset=utf-8' },
  },
} as const satisfies Readonly<Record<string, HttpCall>>
