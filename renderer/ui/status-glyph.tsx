import type { ReactNode } from 'react'
import './status-glyph.css'

/** The seven shapes of a state; never told by colour alone. */
export type GlyphState = 'ok' | 'warn' | 'down' | 'drain' | 'maintenance' | 'off' | 'checking'

interface StatusGlyphProps {
  readonly state: GlyphState
  /** The state in words where no text beside it says so. */
  readonly label?: string
  readonly size?: 'normal' | 'small'
}

/** A state as a shape. */
export function StatusGlyph({ state, label, size = 'normal' }: StatusGlyphProps) {
  const name = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return (
    <svg className="glyph" data-state={state} data-size={size} viewBox="0 0 14 14" {...name}>
      {shapes[state]}
    </svg>
  )
}

/** A state as shape and word. */
export function StateText({
  state,
  size,
  children,
}: {
  readonly state: GlyphState
  readonly size?: 'normal' | 'small'
  readonly children: ReactNode
}) {
  return (
    <span className="state" data-state={state}>
      <StatusGlyph state={state} size={size ?? 'normal'} />
      {children}
    </span>
  )
}

const cut = 'var(--bg-panel)'

const shapes: Readonly<Record<GlyphState, ReactNode>> = {
  ok: <circle cx="7" cy="7" r="4.6" fill="currentColor" />,
  warn: (
    <>
      <path d="M6.05 2.1a1.1 1.1 0 0 1 1.9 0l4.6 8a1.1 1.1 0 0 1-.95 1.65H2.4a1.1 1.1 0 0 1-.95-1.65Z" fill="currentColor" />
      <path d="M7 5.2v2.6M7 9.6v.1" stroke={cut} strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
  down: (
    <>
      <rect x="1.6" y="1.6" width="10.8" height="10.8" rx="3" fill="currentColor" />
      <path d="m5 5 4 4M9 5 5 9" stroke={cut} strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  drain: (
    <>
      <circle cx="7" cy="7" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M2.6 7a4.4 4.4 0 0 0 8.8 0Z" fill="currentColor" />
    </>
  ),
  maintenance: (
    <>
      <rect x="1.8" y="1.8" width="10.4" height="10.4" rx="2.6" fill="currentColor" />
      <path d="M5.4 4.8v4.4M8.6 4.8v4.4" stroke={cut} strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  off: <circle cx="7" cy="7" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  checking: <circle cx="7" cy="7" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="2.4 2.2" />,
}
