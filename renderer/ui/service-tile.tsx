import {
  BookOpen,
  ChartLine,
  Cloud,
  Code,
  CornerUpRight,
  Database,
  Folder,
  Gamepad2,
  House,
  LayoutDashboard,
  Mail,
  Monitor,
  Music,
  type LucideIcon,
  PanelsTopLeft,
  Radio,
  ShieldEllipsis,
  SquareTerminal,
  Video,
} from 'lucide-react'
import { isMachineType, type ServiceType } from '../../proxy/contract/config/service-kinds'
import { Icon } from './icon'
import { type GlyphState, StatusGlyph } from './status-glyph'
import './service-tile.css'

interface ServiceTileProps {
  /** What the icon is guessed from: name, page title, program. */
  readonly name: string
  /** What is exposed; a web page unless told. */
  readonly type?: ServiceType
  /** Drawn on the corner, with its word for screen readers. */
  readonly state?: { readonly glyph: GlyphState; readonly label: string }
  readonly size?: 'normal' | 'large'
}

/** What kind of thing a service is, and how it is. */
export function ServiceTile({ name, type = 'http', state, size = 'normal' }: ServiceTileProps) {
  return (
    <span className="tile" data-size={size}>
      <Icon of={iconFor(name, type)} size={size === 'large' ? 20 : 16} />
      {state && (
        <span className="tile-badge">
          <StatusGlyph state={state.glyph} label={state.label} />
        </span>
      )}
    </span>
  )
}

const GUESSES: readonly (readonly [RegExp, LucideIcon])[] = [
  [/wiki|docs|bookstack|manual|notes/i, BookOpen],
  [/grafana|metric|monitor|prometheus|statistic|analytic/i, ChartLine],
  [/cloud|drive|sync/i, Cloud],
  [/file|share|folder|download/i, Folder],
  [/camera|video|jellyfin|plex|stream|frigate/i, Video],
  [/git|code|vite|dev|build|jenkins/i, Code],
  [/home ?assistant|home|smart/i, House],
  [/database|postgres|mysql|mariadb|redis|mongo|adminer/i, Database],
  [/mail|smtp|imap/i, Mail],
  [/music|audio|navidrome/i, Music],
  [/dashboard|admin|portainer|panel/i, LayoutDashboard],
]

/** What a machine can be told to be by its name or that of its port. */
const MACHINES: readonly (readonly [RegExp, LucideIcon])[] = [
  [/camera|video|rtsp/i, Video],
  [/database|postgres|mysql|mariadb|redis|mongo/i, Database],
  [/ssh|shell|terminal/i, SquareTerminal],
  [/vpn|wireguard/i, ShieldEllipsis],
  [/minecraft|game/i, Gamepad2],
  [/mqtt|sensor/i, Radio],
]

function iconFor(name: string, type: ServiceType): LucideIcon {
  if (type === 'files') return Folder
  if (type === 'redirect') return CornerUpRight
  const machine = isMachineType(type)
  return (machine ? MACHINES : GUESSES).find(([pattern]) => pattern.test(name))?.[1] ?? (machine ? Monitor : PanelsTopLeft)
}
