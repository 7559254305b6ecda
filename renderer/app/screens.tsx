import { FirstRunScreen } from '../features/first-run/first-run-screen'
import { EditScreen } from '../features/service-form/edit-screen'
import { ExposeScreen } from '../features/service-form/expose-screen'
import { ServiceScreen } from '../features/service/service-screen'
import { ServicesScreen } from '../features/services/services-screen'
import { SettingsScreen } from '../features/settings/settings-screen'
import type { Route } from '../state/route'

/** The screen that a route shows. */
export function CurrentScreen({ route }: { readonly route: Route }) {
  switch (route.screen) {
    case 'first-run':
      return <FirstRunScreen />
    case 'expose':
      return <ExposeScreen url={route.url} name={route.name} />
    case 'edit':
      return <EditScreen id={route.id} />
    case 'service':
      return <ServiceScreen id={route.id} />
    case 'settings':
      return <SettingsScreen />
    case 'services':
      return <ServicesScreen />
  }
}
