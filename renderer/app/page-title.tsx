import { useConfig, useStatus } from '../state/hooks'
import type { Route } from '../state/route'
import { worstFirst } from '../lib/service-counts'

const NAMES: Readonly<Record<Route['screen'], string>> = {
  services: 'Services',
  service: 'Service',
  edit: 'Edit service',
  expose: 'Expose a service',
  'first-run': 'Pick what to share',
  settings: 'Settings',
  access: 'Access',
  activity: 'Activity',
  lockdown: 'Lock-down',
}

/** The window's title: the gateway's state where it needs someone, then the screen. */
export function PageTitle({ route }: { readonly route: Route }) {
  const config = useConfig()
  const id = route.screen === 'service' || route.screen === 'edit' ? route.id : null
  const name = id === null ? null : (config?.config.services.find((service) => service.id === id)?.name ?? null)
  const state = useStatus(({ status }) => (status === null ? '' : worstFirst(status)))
  return (
    <title>
      {[
        state,
        route.screen === 'service' && name !== null
          ? name
          : route.screen === 'edit' && name !== null
            ? `Edit ${name}`
            : NAMES[route.screen],
        'AstroRelay',
      ]
        .filter((part) => part !== '')
        .join(' – ')}
    </title>
  )
}
