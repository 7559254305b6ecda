import { z } from 'zod'
import { noticeSchema } from '../events'
import type { HttpCall } from './http-call'

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
  /** Why changes cannot be saved now, in words; null: they can. */
  readOnly: z.string().nullable(),
  /** Notices of this run, oldest first. */
  notices: z.array(noticeSchema),
})
export type Info = z.output<typeof infoSchema>

/** What and where this AstroRelay is. */
export const infoCalls = {
  info: {
    summary: 'Version, platform, where data lies, addresses of this machine.',
    params: z.object({}),
    result: infoSchema,
    http: { method: 'GET', path: '/info' },
  },
} as const satisfies Readonly<Record<string, HttpCall>>
