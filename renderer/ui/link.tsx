import type { ReactNode } from 'react'
import { Link as AriaLink } from 'react-aria-components'
import { desktopShell } from '../api/desktop-bridge'
import { formatRoute, type Route } from '../state/route'

interface LinkProps {
  readonly to: Route
  readonly className?: string
  readonly children: ReactNode
}

/** A link to another screen. */
export function Link({ to, className = 'link', children }: LinkProps) {
  return (
    <AriaLink href={formatRoute(to)} className={className}>
      {children}
    </AriaLink>
  )
}

/** A link out of the interface: the default browser in the desktop, a new tab otherwise. */
export function OutsideLink({
  href,
  className = 'link',
  children,
}: {
  readonly href: string
  readonly className?: string
  readonly children: ReactNode
}) {
  const shell = desktopShell()
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className={className}
      onClick={(event) => {
        if (!shell) return
        event.preventDefault()
        void shell.openExternal(href)
      }}
    >
      {children}
    </a>
  )
}

/** Opens an http(s) address outside the interface. */
export function openOutside(href: string): void {
  const shell = desktopShell()
  if (shell) void shell.openExternal(href)
  else window.open(href, '_blank', 'noreferrer')
}
