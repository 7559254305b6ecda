import type { ReactNode } from 'react'
import { type GlyphState, StatusGlyph } from './status-glyph'
import './banner.css'

interface BannerProps {
  readonly tone: 'info' | 'ok' | 'warn' | 'down' | 'drain' | 'maintenance' | 'off' | 'checking'
  readonly title: ReactNode
  /** Cause, effect, next step. */
  readonly children?: ReactNode
  readonly actions?: ReactNode
  readonly size?: 'normal' | 'thin'
}

/** What stands above a screen's content until it is cured. Failures are announced once, by their appearance. */
export function Banner({ tone, title, children, actions, size = 'normal' }: BannerProps) {
  const glyph: GlyphState = tone === 'info' ? 'checking' : tone
  return (
    <div className="banner" data-tone={tone} data-size={size} role={tone === 'down' ? 'alert' : 'status'}>
      <StatusGlyph state={glyph} />
      <div className="banner-text">
        <div className="strong">{title}</div>
        {children !== undefined && <p>{children}</p>}
      </div>
      {actions !== undefined && <div className="banner-actions">{actions}</div>}
    </div>
  )
}
