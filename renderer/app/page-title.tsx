import { useStatus } from '../state/hooks'
import type { Route } from '../state/route'
import { worstFirst } from '../lib/service-counts'

const NAMES: Readonly<Record<Route['screen'], string>> = {
  services: 'Services', service: 'Service', edit: 'Edit service', expose: 'Expose a service', 'first-run': 'Pick what to share', settings: 'Settings', access: 'Access', activity: 'Activity', lockdown: 'Lock-down',
}

/** The window's title: the gateway's state where it needs someone, then the screen. */
export function PageTitle({ screen }: { readonly screen: Route['screen'] }) {
  const state = useStatus(({ status }) => (status === null ? '' : worstFirst(status)))
  return <title>{[state, NAMES[screen], 'AstroRelay'].filter((part) => part !== '').join(' – ')}</title>
}
