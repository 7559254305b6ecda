import type { ReactNode } from 'react'
import './screen.css'

interface ScreenProps {
  readonly title: ReactNode
  readonly lead?: ReactNode
  /** Above the title: breadcrumbs. */
  readonly above?: ReactNode
  /** Beside the title, the primary button last. */
  readonly actions?: ReactNode
  /** Between head and content, over the full width: tabs. */
  readonly bar?: ReactNode
  /** Takes the place of title and lead where a screen draws its own; it has to hold the one `h1`. */
  readonly head?: ReactNode
  /** The content scrolls by itself and fills what is left. */
  readonly fill?: boolean
  /** The line at the bottom; the app's Footer. */
  readonly footer?: ReactNode
  readonly children: ReactNode
}

/** The frame of a screen: head with the one `h1`, which takes the focus after navigation, content that scrolls, footer. */
export function Screen({ title, lead, above, actions, bar, head, footer, fill = false, children }: ScreenProps) {
  return (
    <div className="screen">
      <div className="screen-scroll" data-fill={fill}>
        <div className="screen-head">
          <div className="grow">
            {above}
            {head ?? (
              <>
                <h1 className="screen-title" tabIndex={-1}>
                  {title}
                </h1>
                {lead !== undefined && <p className="screen-lead">{lead}</p>}
              </>
            )}
          </div>
          {actions !== undefined && <div className="screen-actions">{actions}</div>}
        </div>
        {bar}
        <div className="screen-body">{children}</div>
      </div>
      {footer}
    </div>
  )
}
