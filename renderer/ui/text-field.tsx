import type { LucideIcon } from 'lucide-react'
import { type ReactNode, type Ref, useId } from 'react'
import { Group, Input, TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from 'react-aria-components'
import { FieldLabel, FieldMessage, type FieldParts } from './field'
import { Icon } from './icon'

export interface TextFieldProps extends FieldParts, Omit<AriaTextFieldProps, 'className' | 'style' | 'children' | 'isInvalid'> {
  readonly placeholder?: string
  readonly icon?: LucideIcon
  /** Something at the end of the box: a unit, a key cap, a small button. */
  readonly suffix?: ReactNode
  readonly mono?: boolean
  readonly size?: 'normal' | 'small'
  readonly inputRef?: Ref<HTMLInputElement>
}

/** A line of text with its label and, below, what is wrong with it or a hint. */
export function TextField({
  label,
  optional,
  hint,
  error,
  finding,
  placeholder,
  icon,
  suffix,
  mono,
  size = 'normal',
  inputRef,
  ...rest
}: TextFieldProps) {
  const message = useId()
  return (
    <AriaTextField {...rest} aria-describedby={message} className="field" isInvalid={Boolean(error)}>
      <FieldLabel label={label} optional={optional ?? false} />
      <Group className="input" data-size={size} isInvalid={Boolean(error)}>
        {icon && <Icon of={icon} size={size === 'small' ? 14 : 16} />}
        <Input ref={inputRef} className={mono ? 'mono' : ''} placeholder={placeholder ?? ''} spellCheck={false} />
        {suffix}
      </Group>
      <FieldMessage error={error} finding={finding} hint={hint} id={message} />
    </AriaTextField>
  )
}
