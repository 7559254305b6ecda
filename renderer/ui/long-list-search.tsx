import { DRAWN } from '../lib/long-list'
import { formatNumberOf } from '../lib/format'
import { SearchField } from './search-field'

interface LongListSearchProps {
  readonly label: string
  /** How many there are in all; nothing is shown where all of them are drawn. */
  readonly count: number
  readonly more: number
  readonly query: string
  readonly onChange: (query: string) => void
}

/** Narrows a list of which not all is drawn, and says how much is not. */
export function LongListSearch({ label, count, more, query, onChange }: LongListSearchProps) {
  if (count <= DRAWN) return null
  return (
    <div className="list-head">
      <SearchField label={label} value={query} onChange={onChange} />
      <output className="second small grow">
        {more === 0 ? '' : `${formatNumberOf(more, 'more', 'more')} not shown; write part of one to find it`}
      </output>
    </div>
  )
}
