import type { ReactElement } from 'react'
import { Tooltip, TooltipTrigger, type TooltipTriggerComponentProps } from 'react-aria-components'
import './tip.css'

export interface TipProps extends Omit<TooltipTriggerComponentProps, 'children'> {
  readonly text: string
  readonly placement?: 'top' | 'bottom' | 'right' | 'left'
  /** Something that takes the focus. */
  readonly children: ReactElement
}

/** A tooltip for a control, on hover and on keyboard focus. */
export function Tip({ text, placement = 'top', children, ...rest }: TipProps) {
  return (
    <TooltipTrigger delay={500} {...rest}>
      {children}
      <Tooltip className="tip" placement={placement} offset={6}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  )
}
