import { ChevronDown, ChevronUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, Group, Input, NumberField as AriaNumberField, type NumberFieldProps as AriaNumberFieldProps } from 'react-aria-components'
import { FieldLabel, FieldMessage, type FieldParts } from './field'
import { Icon } from './icon'
import './number-field.css'

export interface NumberFieldProps extends FieldParts, Omit<AriaNumberFieldProps, 'className' | 'style' | 'children' | 'isInvalid'> {
  readonly suffix?: ReactNode
  /** Without it numbers are written plainly, as ports are. */
  readonly grouped?: boolean
}

/** A number that arrows step. */
export function NumberField({ label, optional, hint, error, finding, suffix, grouped = false, ...rest }: NumberFieldProps) {
  return (
    <AriaNumberField formatOptions={{ useGrouping: grouped }} {...rest} className="field" isInvalid={Boolean(error)}>
      <FieldLabel label={label} optional={optional ?? false} />
      <Group className="input number-input" isInvalid={Boolean(error)}>
        <Input />
        {suffix !== undefined && <span className="input-affix">{suffix}</span>}
        <span className="stepper">
          <Button slot="increment" className="step"><Icon of={ChevronUp} size={12} /></Button>
          <Button slot="decrement" className="step"><Icon of={ChevronDown} size={12} /></Button>
        </span>
      </Group>
      <FieldMessage error={error} finding={finding} hint={hint} />
    </AriaNumberField>
  )
}
