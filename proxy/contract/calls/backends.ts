import { z } from 'zod'
import { backendStateSchema } from '../status'
import type { HttpCall } from './http-call'
import { revision } from './revision'

/** Draining, maintenance and swapping of backends. */
export const backendCalls = {
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
} as const satisfies Readonly<Record<string, HttpCall>>
