import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import './segmented.css'

interface SegmentedProps<Id extends string> {
  readonly label: string
  readonly options: readonly { readonly id: Id; readonly text: string; readonly count?: number }[]
  readonly value: Id
  readonly onChange: (value: Id) => void
  readonly size?: 'normal' | 'small'
}

/** One of two to five short words that change what is shown. */
export function Segmented<Id extends string>({ label, options, value, onChange, size = 'normal' }: SegmentedProps<Id>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className="segmented"
      data-size={size}
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const option = options.find(({ id }) => keys.has(id))
        if (option) onChange(option.id)
      }}
    >
      {options.map(({ id, text, count }) => (
        <ToggleButton key={id} id={id} className="segment">
          {text}
          {count !== undefined && <span className="segment-count">{count}</span>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
