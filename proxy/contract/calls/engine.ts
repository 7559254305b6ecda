import { z } from 'zod'
import { engineStateSchema } from '../status'
import type { HttpCall } from './http-call'

/** Starting and stopping the gateway. */
export const engineCalls = {
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
} as const satisfies Readonly<Record<string, HttpCall>>
