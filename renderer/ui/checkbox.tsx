import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox, type CheckboxProps as AriaCheckboxProps } from 'react-aria-components'
import { Icon } from './icon'
import './switch.css'

export interface CheckboxProps extends Omit<AriaCheckboxProps, 'className' | 'style' | 'children'> {
  readonly children: ReactNode
}

/** A yes or no that counts when the form is saved. */
export function Checkbox({ children, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className="check">
      <span className="check-box">
        <Icon of={Check} size={12} />
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  )
}
