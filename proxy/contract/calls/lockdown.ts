import { z } from 'zod'
import { lockdownMethodSchema, lockdownOverviewSchema, proofSchema } from '../lockdown-api'
import type { HttpCall } from './http-call'
import { revision } from './revision'

const secretSchema = z.object({ header: z.string(), value: z.string() })

/** How backends are made to answer the gateway only. */
export const lockdownCalls = {
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
} as const satisfies Readonly<Record<string, HttpCall>>
