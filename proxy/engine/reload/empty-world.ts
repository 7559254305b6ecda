import { configSchema } from '../../contract/config/document'
import { atOnce } from '../../contract/steps'
import type { Interfaces } from '../access/interfaces'
import { compile } from './compile'
import type { World } from '../world/world'

/** The world before the first configuration: no listener, no service. */
export function emptyWorld(interfaces: Interfaces): World {
  return { snapshot: atOnce(compile('', configSchema.parse({ version: 1 }), interfaces, [])), backends: new Map() }
}
