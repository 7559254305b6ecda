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
    summary: 'Starts the gateway anew. The next process listens before the last one lets go, so that no visitor is refused.',
    params: z.object({}),
    result: engineStateSchema,
    http: { method: 'POST', path: '/engine/restart' },
  },
  'host.leave': {
    summary: 'Ends this program and leaves the gateway serving, for the next one that is started with the same data directory.',
    params: z.object({}),
    result: z.null(),
    http: { method: 'POST', path: '/host/leave' },
  },
} as const satisfies Readonly<Record<string, HttpCall>>
