import { useConfig } from '../../state/hooks'
import { Footer } from '../../ui/footer'
import { Screen } from '../../ui/screen'
import { SkeletonRows } from '../../ui/skeleton'
import { Tabs } from '../../ui/tabs'
import { AboutTab } from './about-tab'
import { GatewayTab } from './gateway-tab'
import { GeneralTab } from './general-tab'
import { HistoryTab } from './history-tab'
import { Transfer } from './transfer'
import './settings.css'

/** `#/settings`. */
export function SettingsScreen() {
  const saved = useConfig()
  return (
    <Screen
      title="Settings"
      actions={saved && <Transfer />}
      footer={<Footer hints={[['Undo last change', 'Mod', 'Z']]} />}
      bar={
        <div className="settings-tabs">
          <Tabs
            label="Settings"
            tabs={[
              { id: 'general', text: 'General', content: <GeneralTab /> },
              { id: 'gateway', text: 'Gateway', content: saved ? <GatewayTab saved={saved} /> : <SkeletonRows rows={3} /> },
              { id: 'history', text: 'History', content: <HistoryTab /> },
              { id: 'about', text: 'About', content: <AboutTab /> },
            ]}
          />
        </div>
      }
    >
      {null}
    </Screen>
  )
}
