import { FirstRunScreen } from '../features/first-run/first-run-screen'
import { ServicesScreen } from '../features/services/services-screen'
import type { Route } from '../state/route'

/** The screen that a route shows. */
export function CurrentScreen({ route }: { readonly route: Route }) {
  if (route.screen === 'first-run') return <FirstRunScreen />
  return <ServicesScreen />
}
