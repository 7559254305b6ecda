import { FolderOpen } from 'lucide-react'
import type { Theme } from '../../../proxy/contract/shell-api'
import { desktopShell } from '../../api/desktop-bridge'
import { useInfo } from '../../state/hooks'
import { chooseSingleKeys, singleKeysStore } from '../../state/shortcuts'
import { useStore } from '../../state/store'
import { chooseTheme, themeStore } from '../../state/theme'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { Segmented } from '../../ui/segmented'
import { Switch } from '../../ui/switch'
import { SettingsSection } from './settings-section'

const THEMES: readonly { readonly id: Theme; readonly text: string }[] = [
  { id: 'system', text: 'Match system' },
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
]

/** How the interface looks and answers keys, and where the gateway keeps its data. */
export function GeneralTab() {
  const theme = useStore(themeStore)
  const singleKeys = useStore(singleKeysStore)
  return (
    <>
      <SettingsSection title="Appearance" text="For this window only; the gateway is the same for everyone.">
        <Segmented label="Appearance" options={THEMES} value={theme} onChange={chooseTheme} />
      </SettingsSection>
      <SettingsSection title="Keyboard">
        <Switch isSelected={singleKeys} onChange={chooseSingleKeys}>
          Single letters act, such as N for a new service
        </Switch>
        <p className="field-hint">They are listed at the bottom of each screen and rest while you type. Keys with Ctrl always act.</p>
      </SettingsSection>
      <DataFolder />
    </>
  )
}

function DataFolder() {
  const info = useInfo()
  const shell = desktopShell()
  if (!info) return null
  return (
    <SettingsSection
      title="Data folder"
      text={`On ${info.machine}. It holds the configuration and its history; a copy of it is a backup.`}
      actions={
        shell && (
          <Button icon={FolderOpen} onPress={() => void shell.openDataDirectory()}>
            Open
          </Button>
        )
      }
    >
      <dl className="settings-facts">
        <div>
          <dt>Folder</dt>
          <dd>
            <span className="mono wrap-anywhere">{info.dataDirectory}</span>
            <CopyButton text={info.dataDirectory} label="Copy path" />
          </dd>
        </div>
        <div>
          <dt>Configuration</dt>
          <dd>
            <span className="mono wrap-anywhere">{info.configFile}</span>
            <CopyButton text={info.configFile} label="Copy path" />
          </dd>
        </div>
      </dl>
    </SettingsSection>
  )
}
