import { useEffect } from 'react'
import { desktopShell } from '../api/desktop-bridge'
import { CommandPalette } from '../features/palette/command-palette'
import { useFirstRun } from '../features/first-run/use-first-run'
import { useLater } from '../lib/use-later'
import { useConfig, useRoute } from '../state/hooks'
import { navigate, parseRoute, routeStore } from '../state/route'
import { SparkFade } from '../ui/sparkline'
import { closeErrors } from '../ui/toast'
import { GatewayBanners } from './gateway-banners'
import { PageTitle } from './page-title'
import { CurrentScreen } from './screens'
import { Sidebar } from './sidebar'
import { TitleBar } from './title-bar'
import { useAppKeys } from './use-app-keys'
import { useFocusAfterNavigation } from './use-focus-after-navigation'
import './app-shell.css'

/** The frame of every screen: title bar, sidebar with the gateway's card, the screen itself. */
export function AppShell() {
  const route = useRoute()
  const firstRun = useFirstRun() && (route.screen === 'services' || route.screen === 'first-run')
  const waiting = useConfig() === null
  const late = useLater(waiting, 300)
  const bare = firstRun || route.screen === 'first-run'
  useAppKeys()
  useFocusAfterNavigation(firstRun ? 'first-run' : JSON.stringify(route))
  useEffect(() => routeStore.subscribe(closeErrors), [])
  useEffect(() => desktopShell()?.onNavigate((path) => navigate(parseRoute(path))), [])
  return (
    <div className="app" {...(bare ? { 'data-first-run': '' } : {})}>
      <PageTitle route={bare ? { screen: 'first-run' } : route} />
      <TitleBar />
      {!bare && <Sidebar />}
      <main className="panel">
        <GatewayBanners />
        {(!waiting || late) && <CurrentScreen route={bare ? { screen: 'first-run' } : route} />}
      </main>
      <CommandPalette />
      <SparkFade />
    </div>
  )
}
