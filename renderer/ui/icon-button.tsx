import type { LucideIcon } from 'lucide-react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import { Icon } from './icon'
import { Tip } from './tip'
import './button.css'

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'aria-label'> {
  readonly icon: LucideIcon
  /** Its name for screen readers and its tooltip. */
  readonly label: string
  readonly size?: 'normal' | 'small'
}

/** A button that is only an icon; its name shows as a tooltip. */
export function IconButton({ icon, label, size = 'normal', ...rest }: IconButtonProps) {
  return (
    <Tip text={label}>
      <AriaButton {...rest} aria-label={label} className="icon-button" data-size={size}>
        <Icon of={icon} size={size === 'small' ? 14 : 16} />
      </AriaButton>
    </Tip>
  )
}
