import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import { Icon } from './icon'
import { KeyHint } from './key-hint'
import './button.css'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** One `primary` per screen. */
  readonly kind?: 'plain' | 'primary' | 'quiet' | 'danger' | 'danger-solid'
  readonly size?: 'normal' | 'small'
  readonly icon?: LucideIcon
  /** The key that does the same, shown as a cap. */
  readonly keys?: string
  readonly children: ReactNode
}

/** A button with a text. While `isPending` it keeps its width and focus and says so. */
export function Button({ kind = 'plain', size = 'normal', icon, keys, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className="button" data-kind={kind} data-size={size}>
      {icon && <Icon of={icon} size={size === 'small' ? 14 : 16} />}
      {children}
      {keys !== undefined && <KeyHint keys={keys} />}
    </AriaButton>
  )
}
