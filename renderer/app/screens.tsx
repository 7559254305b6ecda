import { AccessScreen } from '../features/access/access-screen'
import { ActivityScreen } from '../features/activity/activity-screen'
import { FirstRunScreen } from '../features/first-run/first-run-screen'
import { LockdownScreen } from '../features/lockdown/lockdown-screen'
import { LockdownRowMark, LockdownTab, LockdownTabMark } from '../features/lockdown/service-parts'
import { EditScreen } from '../features/service-form/edit-screen'
import { ExposeScreen } from '../features/service-form/expose-screen'
import { ServiceScreen } from '../features/service/service-screen'
import { ServicesScreen } from '../features/services/services-screen'
import { SettingsScreen } from '../features/settings/settings-screen'
import type { Route } from '../state/route'

/** A service's screen shows its lock-down, too; features do not import each other, so they meet here. */
const LOCKDOWN = { Tab: LockdownTab, TabMark: LockdownTabMark, RowMark: LockdownRowMark }

/** The screen that a route shows. */
export function CurrentScreen({ route }: { readonly route: Route }) {
  if (route.screen === 'first-run') return <FirstRunScreen />
  if (route.screen === 'expose') return <ExposeScreen url={route.url} name={route.name} />
  if (route.screen === 'edit') return <EditScreen id={route.id} />
  if (route.screen === 'service') return <ServiceScreen id={route.id} lockdown={LOCKDOWN} />
  if (route.screen === 'access') return <AccessScreen of={route.of} />
  if (route.screen === 'lockdown') return <LockdownScreen service={route.service} />
  if (route.screen === 'activity') return <ActivityScreen />
  if (route.screen === 'settings') return <SettingsScreen />
  return <ServicesScreen />
}
