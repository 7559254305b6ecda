import { type ReactNode, useId } from 'react'

interface SettingsSectionProps {
  readonly title: string
  readonly text?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A heading with what belongs to it. */
export function SettingsSection({ title, text, actions, children }: SettingsSectionProps) {
  const id = useId()
  return (
    <section className="settings-section" aria-labelledby={id}>
      <div className="settings-section-head">
        <div className="grow">
          <h2 id={id}>{title}</h2>
          {text !== undefined && <p className="second">{text}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}
