import { useDeferredValue, useMemo, useState } from 'react'
import type { Service } from '../../../proxy/contract/config/service'
import type { ServiceState } from '../../../proxy/contract/status'
import { useConfig, useStatus } from '../../state/hooks'
import { isShown, matchesQuery, type Show } from './service-filter'
import { orderByNeed, useHeldOrder } from './service-order'

/** What the list shows and how it is narrowed. */
export interface ServiceList {
  readonly services: readonly Service[]
  readonly query: string
  readonly setQuery: (query: string) => void
  readonly show: Show
  readonly setShow: (show: Show) => void
  readonly showAll: () => void
}

interface Told {
  readonly state: ServiceState
  readonly addresses: readonly string[]
}

/** The services in the order of need, narrowed. `held`: rows stay where they are for now. */
export function useServiceList(held: boolean): ServiceList {
  const saved = useConfig()
  const all = useMemo(() => saved?.config.services ?? [], [saved])
  const told = useStatus(
    ({ status }) => new Map<string, Told>(status?.services.map(({ id, state, addresses }) => [id, { state, addresses }])),
    sameTold,
  )
  const [query, setQuery] = useState('')
  const [show, setShow] = useState<Show>('all')
  const asked = useDeferredValue(query)
  const ids = useMemo(
    () =>
      orderByNeed(
        all.map(({ id }) => id),
        (id) => told.get(id)?.state ?? null,
      ),
    [all, told],
  )
  const order = useHeldOrder(ids, held)
  const services = useMemo(() => {
    const byId = new Map(all.map((service) => [service.id, service]))
    return order.flatMap((id) => {
      const service = byId.get(id)
      if (!service) return []
      const state = service.enabled ? (told.get(id)?.state ?? null) : 'off'
      return isShown(show, state, service.type) && matchesQuery(service, told.get(id)?.addresses ?? [], asked) ? [service] : []
    })
  }, [all, order, told, show, asked])
  return {
    services,
    query,
    setQuery,
    show,
    setShow,
    showAll() {
      setQuery('')
      setShow('all')
    },
  }
}

function sameTold(a: ReadonlyMap<string, Told>, b: ReadonlyMap<string, Told>): boolean {
  return a.size === b.size && [...a].every(([id, { state, addresses }]) => b.get(id)?.state === state && b.get(id)?.addresses === addresses)
}
