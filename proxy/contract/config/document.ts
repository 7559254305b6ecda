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
  $schema: z.string().optional().meta({ description: 'Where editors find the JSON Schema of this file; AstroRelay does not read it.' }),
  version: z
    .literal(FORMAT_VERSION, { error: `use ${FORMAT_VERSION}, the version of this format` })
    .meta({ description: 'The version of this format.' }),
  listeners: z.array(listenerSchema).default([]).meta({ description: 'Where clients connect.' }),
  services: z.array(serviceSchema).prefault([]).meta({ description: 'What is exposed.' }),
  accessLists: z.array(accessListSchema).default([]).meta({ description: 'Rules under a name, for several services.' }),
  blocked: z.array(blockedSchema).default([]).meta({ description: 'The whole gateway’s block list, checked before any service’s rules.' }),
  settings: settingsSchema.prefault({}).meta({ description: 'What holds for the whole gateway.' }),
})

/** The document as people write and store it: defaults left out. */
export type ConfigDocument = z.input<typeof configSchema>
/** The document with every default in place, durations in ms and sizes in bytes. */
export type Config = z.output<typeof configSchema>
