import { z } from 'zod'
import { configCalls } from './calls/config'
import { trafficCalls } from './calls/traffic'
import { backendCalls } from './calls/backends'
import { lockdownCalls } from './calls/lockdown'
import { accessCalls } from './calls/access'
import { historyCalls } from './calls/history'
import { engineCalls } from './calls/engine'
import { doctorCalls } from './calls/doctor'
import { infoCalls } from './calls/info'
import { sessionCalls } from './calls/sessions'

/** The calls by topic. No name and no HTTP form is given twice: `test/unit/contract/control-api.test.ts` holds them to that. */
export const TOPICS = [
  configCalls,
  trafficCalls,
  backendCalls,
  lockdownCalls,
  accessCalls,
  historyCalls,
  engineCalls,
  doctorCalls,
  infoCalls,
  sessionCalls,
] as const

/** Client → host: the same calls from the window (IPC), the console page, the command line and scripts (HTTP). */
export const controlApi = {
  ...configCalls,
  ...trafficCalls,
  ...backendCalls,
  ...lockdownCalls,
  ...accessCalls,
  ...historyCalls,
  ...engineCalls,
  ...doctorCalls,
  ...infoCalls,
  ...sessionCalls,
} as const

export type ControlApi = typeof controlApi
export type ControlCallName = keyof ControlApi

/** The body of every answer that is an error, except a refused configuration, which is the bare list of issues. */
export const errorAnswerSchema = z.object({ error: z.object({ code: z.string(), message: z.string(), revision: z.string().optional() }) })
