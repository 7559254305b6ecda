import { z } from 'zod'
import { accessListSchema, blockedSchema } from './access'
import { listenerSchema } from './listener'
import { object } from './object'
import { serviceSchema } from './service'
import { settingsSchema } from './settings'

/** The format's version. A file with a higher one is set aside, never guessed at. */
export const FORMAT_VERSION = 1

/** The whole configuration document. */
export const configSchema = object({
  version: z.literal(FORMAT_VERSION, { error: `use ${FORMAT_VERSION}, the version of this format` }),
  listeners: z.array(listenerSchema).default([]),
  services: z.array(serviceSchema).default([]),
  accessLists: z.array(accessListSchema).default([]),
  blocked: z.array(blockedSchema).default([]),
  settings: settingsSchema.prefault({}),
})

/** The document as people write and store it: defaults left out. */
export type ConfigDocument = z.input<typeof configSchema>
/** The document with every default in place, durations in ms and sizes in bytes. */
export type Config = z.output<typeof configSchema>
