import { BookOpen, ChartLine, Cloud, Code, Database, Folder, House, LayoutDashboard, Mail, Music, type LucideIcon, PanelsTopLeft, Video } from 'lucide-react'
import { Icon } from './icon'
import { type GlyphState, StatusGlyph } from './status-glyph'
import './service-tile.css'

interface ServiceTileProps {
  /** What the icon is guessed from: name, page title, program. */
  readonly name: string
  /** Drawn on the corner, with its word for screen readers. */
  readonly state?: { readonly glyph: GlyphState; readonly label: string }
  readonly size?: 'normal' | 'large'
}

/** What kind of thing a service is, and how it is. */
export function ServiceTile({ name, state, size = 'normal' }: ServiceTileProps) {
  return (
    <span className="tile" data-size={size}>
      <Icon of={iconFor(name)} size={size === 'large' ? 20 : 16} />
      {state && <span className="tile-badge"><StatusGlyph state={state.glyph} label={state.label} /></span>}
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

function iconFor(name: string): LucideIcon {
  return GUESSES.find(([pattern]) => pattern.test(name))?.[1] ?? PanelsTopLeft
}
