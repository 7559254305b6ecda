import { formatNumberOf } from './format'

/** What a save has done to what ran, for the toast that tells of it; nothing where it ended nothing. */
export function endedDetail(ended: number): { readonly detail?: string } {
  return ended === 0 ? {} : { detail: `${formatNumberOf(ended, 'open connection was', 'open connections were')} ended.` }
}
