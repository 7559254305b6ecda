import { Search } from 'lucide-react'
import { useEffect } from 'react'
import { Button } from 'react-aria-components'
import { desktopShell } from '../api/desktop-bridge'
import { paletteStore } from '../state/palette'
import { Icon } from '../ui/icon'
import { KeyHint } from '../ui/key-hint'
import { Mark } from '../ui/mark'
import './title-bar.css'

/** The window's own title bar in the desktop, where the system draws its buttons over the free corner; a header in a browser. */
export function TitleBar() {
  useEffect(() => {
    const platform = desktopShell()?.platform
    if (platform !== undefined) document.documentElement.dataset['os'] = platform
  }, [])
  return (
    <header className="title-bar">
      <div className="brand">
        <Mark size={19} />
        <span className="brand-name">AstroRelay</span>
      </div>
      <Button className="jump" aria-keyshortcuts="Control+K" onPress={() => paletteStore.set(true)}>
        <Icon of={Search} size={14} />
        <span className="truncate">Search services, addresses, settings</span>
        <KeyHint keys="Mod K" />
      </Button>
    </header>
  )
}
