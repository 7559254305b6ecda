import { Activity, Layers2, LockKeyhole, type LucideIcon, Settings2, ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-aria-components'
import { countServices } from '../lib/service-counts'
import { NARROW, useMedia } from '../lib/use-media'
import { useConfig, useRoute, useStatus } from '../state/hooks'
import { formatRoute, type Route } from '../state/route'
import { Icon } from '../ui/icon'
import { StateText } from '../ui/status-glyph'
import { Tip } from '../ui/tip'
import { GatewayCard } from './gateway-card'
import './sidebar.css'

/** Where one can go, and how the gateway is. */
export function Sidebar() {
  return (
    <aside className="sidebar" aria-label="Sidebar">
      <nav className="sidebar-nav" aria-label="Main">
        <NavLink to={{ screen: 'services' }} screens={['services', 'service', 'edit', 'expose']} icon={Layers2} text="Services">
          <ServicesMark />
        </NavLink>
        <NavLink to={{ screen: 'activity' }} screens={['activity']} icon={Activity} text="Activity" />
        <NavLink to={{ screen: 'access', of: '' }} screens={['access']} icon={ShieldCheck} text="Access" />
        <NavLink to={{ screen: 'lockdown', service: '' }} screens={['lockdown']} icon={LockKeyhole} text="Lock-down" />
        <NavLink to={{ screen: 'settings' }} screens={['settings']} icon={Settings2} text="Settings" />
      </nav>
      <GatewayCard />
    </aside>
  )
}

interface NavLinkProps {
  readonly to: Route
  /** The screens that lie behind it. */
  readonly screens: readonly Route['screen'][]
  readonly icon: LucideIcon
  readonly text: string
  readonly children?: ReactNode
}

function NavLink({ to, screens, icon, text, children }: NavLinkProps) {
  const here = screens.includes(useRoute().screen)
  const narrow = useMedia(NARROW)
  return (
    <Tip text={text} placement="right" isDisabled={!narrow}>
      <Link
        href={formatRoute(to)}
        className="nav-link"
        {...(here ? { 'aria-current': 'page' } : {})}
        {...(narrow ? { 'aria-label': text } : {})}
      >
        <Icon of={icon} />
        <span className="nav-text">{text}</span>
        {children}
      </Link>
    </Tip>
  )
}

/** How many services there are; where some need someone, how many of them and how badly. */
function ServicesMark() {
  const count = useConfig()?.config.services.length ?? 0
  const worst = useStatus(({ status }) => {
    if (status?.engine.state !== 'running') return ''
    const { down, attention } = countServices(status.services)
    return down > 0 ? `down ${down + attention}` : attention > 0 ? `warn ${attention}` : ''
  })
  const [state, number] = worst.split(' ')
  if (state !== 'down' && state !== 'warn') return count === 0 ? null : <span className="nav-count">{count}</span>
  return (
    <span className="nav-alert">
      <StateText state={state} size="small">
        <span className="nav-number">{number}</span>
        <span className="visually-hidden"> need attention</span>
      </StateText>
    </span>
  )
}
