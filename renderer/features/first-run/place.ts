import type { Config, ConfigDocument } from '../../../proxy/contract/config/document'
import { maxLengthOf } from '../../../proxy/contract/config/facts'
import { commonListeners } from '../../../proxy/contract/expose'
import type { ListenerStatus } from '../../../proxy/contract/status'

/**
 * Whether a service that answers to any host can have the gateway's common listeners: at least one of them is open, and no
 * other service, switched off or not, has any host at `/` there.
 */
export function commonPlaceIsFree(
  { document, config }: { readonly document: ConfigDocument; readonly config: Config },
  listeners: readonly ListenerStatus[],
): boolean {
  const common = commonListeners(document)
  const open = common.filter((id) => listeners.some((listener) => listener.id === id && listener.state === 'listening'))
  const taken = config.services.some((service) => {
    const shared = service.listeners === undefined || service.listeners.some((id) => common.includes(id))
    return shared && service.path === '/' && service.hosts.includes('*')
  })
  return open.length > 0 && !taken
}

const LONGEST = maxLengthOf('services.name')

/** The name as it is or, where another service has it, with a number. No longer than the schema allows. */
export function freeName(wanted: string, config: Config): string {
  const taken = new Set(config.services.map(({ id, name }) => (name ?? id).toLowerCase()))
  const name = wanted.trim().slice(0, LONGEST)
  if (!taken.has(name.toLowerCase())) return name
  const base = name.slice(0, LONGEST - 4)
  for (let n = 2; ; n++) if (!taken.has(`${base} ${n}`.toLowerCase())) return `${base} ${n}`
}
