import { apiPage } from './api'
import { configurationPage, configurationSchema } from './configuration'

/** Every generated file of docs/, by name. A test compares them with what is committed. */
export function pages(): Readonly<Record<string, string>> {
  return {
    'configuration.md': configurationPage(),
    'configuration.schema.json': `${JSON.stringify(configurationSchema(), null, 2)}\n`,
    'api.md': apiPage(),
  }
}
