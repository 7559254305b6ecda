import { useId } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import { FieldLabel, FieldMessage, type FieldParts } from './field'
import { Icon } from './icon'
import type { SelectOption } from './select'
import './radio-cards.css'

interface RadioCardsProps<Id extends string> extends FieldParts {
  readonly options: readonly SelectOption<Id>[]
  readonly value: Id
  readonly onChange: (value: Id) => void
  readonly columns?: 1 | 2
}

/** One of a few that need a sentence each. */
export function RadioCards<Id extends string>({
  options,
  value,
  onChange,
  columns = 1,
  label,
  optional,
  hint,
  error,
  finding,
}: RadioCardsProps<Id>) {
  const message = useId()
  function choose(id: string): void {
    const option = options.find((other) => other.id === id)
    if (option) onChange(option.id)
  }
  return (
    <RadioGroup aria-describedby={message} value={value} onChange={choose} className="field" isInvalid={Boolean(error)}>
      <FieldLabel label={label} optional={optional ?? false} />
      <div className="radio-cards" data-columns={columns}>
        {options.map((option) => (
          <Radio key={option.id} value={option.id} className="radio-card">
            {option.icon && <Icon of={option.icon} />}
            <span className="radio-card-text">{option.text}</span>
            {option.hint !== undefined && <span className="radio-card-hint">{option.hint}</span>}
          </Radio>
        ))}
      </div>
      <FieldMessage error={error} finding={finding} hint={hint} id={message} />
    </RadioGroup>
  )
}
