import { Check, ChevronDown, type LucideIcon } from 'lucide-react'
import { useId } from 'react'
import { Button, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue } from 'react-aria-components'
import { FieldLabel, FieldMessage, type FieldParts } from './field'
import { Icon } from './icon'
import './select.css'

export interface SelectOption<Id extends string> {
  readonly id: Id
  readonly text: string
  /** A second line in the list: what it means, the technical name. */
  readonly hint?: string
  readonly icon?: LucideIcon
}

interface SelectProps<Id extends string> extends Partial<FieldParts> {
  readonly options: readonly SelectOption<Id>[]
  readonly value: Id
  readonly onChange: (value: Id) => void
  readonly size?: 'normal' | 'small'
  readonly isDisabled?: boolean
  /** Its name where no label is shown. */
  readonly 'aria-label'?: string
}

/** One of a few. */
export function Select<Id extends string>({
  options,
  value,
  onChange,
  size = 'normal',
  label,
  optional,
  hint,
  error,
  finding,
  ...rest
}: SelectProps<Id>) {
  const message = useId()
  const chosen = options.find(({ id }) => id === value)
  function choose(key: unknown): void {
    const option = options.find(({ id }) => id === key)
    if (option) onChange(option.id)
  }
  return (
    <AriaSelect {...rest} aria-describedby={message} value={value} onChange={choose} className="field" isInvalid={Boolean(error)}>
      {label !== undefined && <FieldLabel label={label} optional={optional ?? false} />}
      <Button className="input select-button" data-size={size}>
        <SelectValue className="select-value">
          {() => (
            <>
              {chosen?.icon && <Icon of={chosen.icon} size={14} />}
              <span className="truncate">{chosen?.text}</span>
            </>
          )}
        </SelectValue>
        <Icon of={ChevronDown} size={14} />
      </Button>
      <FieldMessage error={error} finding={finding} hint={hint} id={message} />
      <Popover className="popover" offset={4}>
        <ListBox className="options" items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.text} className="option">
              {option.icon && <Icon of={option.icon} />}
              <span className="option-text">
                {option.text}
                {option.hint !== undefined && <span className="option-hint">{option.hint}</span>}
              </span>
              <span className="option-tick">
                <Icon of={Check} size={14} />
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
