import { Search, X } from 'lucide-react'
import type { Ref } from 'react'
import { Group, Input, SearchField as AriaSearchField } from 'react-aria-components'
import { Icon } from './icon'
import { IconButton } from './icon-button'
import { KeyHint } from './key-hint'
import './search-field.css'

interface SearchFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** The key that leads here, shown while the field is empty. */
  readonly keys?: string
  readonly inputRef?: Ref<HTMLInputElement>
}

/** A field that narrows a list; Escape empties it. */
export function SearchField({ label, value, onChange, keys, inputRef }: SearchFieldProps) {
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange} className="search-field">
      <Group className="input" data-size="small">
        <Icon of={Search} size={14} />
        <Input ref={inputRef} placeholder={label} spellCheck={false} />
        {value === '' ? keys !== undefined && <KeyHint keys={keys} /> : <IconButton icon={X} label="Empty the filter" size="small" />}
      </Group>
    </AriaSearchField>
  )
}
