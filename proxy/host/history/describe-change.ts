import type { ConfigDocument } from '../../contract/config/document'
import { isSame } from '../../contract/known-lists'

/** More than this many changes are counted instead of named. */
const NAMED = 3

interface Named {
  readonly id: string
  readonly name?: string | undefined
}

/** What differs between two documents, in words for the history: "Added Office wiki, switched off Printer". */
export function describeChange(before: ConfigDocument, after: ConfigDocument): string {
  const parts = [
    ...services(before, after),
    ...listed(before.listeners ?? [], after.listeners ?? [], (item) => `listener ${item.id}`),
    ...listed(before.accessLists ?? [], after.accessLists ?? [], (item) => `access list ${item.name ?? item.id}`),
    ...(isSame(before.blocked ?? [], after.blocked ?? []) ? [] : ['changed the blocked addresses']),
    ...(isSame(before.settings ?? {}, after.settings ?? {}) ? [] : ['changed the settings']),
  ]
  const told = parts.slice(0, NAMED).join(', ')
  const rest = parts.length - NAMED
  const text = rest > 0 ? `${told} and ${rest} more` : told || 'changed the order'
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function services(before: ConfigDocument, after: ConfigDocument): string[] {
  const earlier = new Map((before.services ?? []).map((service) => [service.id, service]))
  return listed(
    before.services ?? [],
    after.services ?? [],
    (item) => item.name ?? item.id,
    (service) => {
      const old = earlier.get(service.id)
      if (!old) return null
      const { enabled = true, ...rest } = service
      const { enabled: wasEnabled = true, ...oldRest } = old
      if (isSame(rest, oldRest) && enabled !== wasEnabled) return `switched ${enabled ? 'on' : 'off'} ${service.name ?? service.id}`
      if (isSame({ ...rest, name: '' }, { ...oldRest, name: '' }) && enabled === wasEnabled)
        return `renamed ${old.name ?? old.id} to ${service.name ?? service.id}`
      return null
    },
  )
}

/** Added, removed and changed items of one list; `special` words a change better than "changed" where it can. */
function listed<Item extends Named>(
  before: readonly Item[],
  after: readonly Item[],
  words: (item: Item) => string,
  special: (item: Item) => string | null = () => null,
): string[] {
  const earlier = new Map(before.map((item) => [item.id, item]))
  const later = new Set(after.map(({ id }) => id))
  return [
    ...after.flatMap((item) => {
      const old = earlier.get(item.id)
      if (!old) return [`added ${words(item)}`]
      return isSame(old, item) ? [] : [special(item) ?? `changed ${words(item)}`]
    }),
    ...before.filter(({ id }) => !later.has(id)).map((item) => `removed ${words(item)}`),
  ]
}
