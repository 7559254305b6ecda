import type { ReactNode } from 'react'
import { Switch as AriaSwitch, type SwitchProps as AriaSwitchProps } from 'react-aria-components'
import './switch.css'

export interface SwitchProps extends Omit<AriaSwitchProps, 'className' | 'style' | 'children'> {
  readonly children?: ReactNode
  /** Where the text stands; `aria-label` names it where there is none. */
  readonly side?: 'before' | 'after'
}

/** On or off, at once. */
export function Switch({ children, side = 'after', ...rest }: SwitchProps) {
  return (
    <AriaSwitch {...rest} className="switch">
      {side === 'before' && children}
      <span className="switch-track" />
      {side === 'after' && children}
    </AriaSwitch>
  )
}
