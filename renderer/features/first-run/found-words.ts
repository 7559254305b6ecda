import type { Discovered } from '../../../proxy/contract/calls/doctor'
import { maxLengthOf } from '../../../proxy/contract/config/facts'
import { formatMs } from '../../lib/format'

/** What a found service is called: its page's title, else its program, else just what it is. */
export function nameOf({ title, program }: Discovered): string {
  return title?.trim().slice(0, maxLengthOf('services.name')) || program || 'Unnamed web page'
}

/** Where it is and what is known of it: "localhost:5050, python3, answered in 3 ms". */
export function detailOf(found: Discovered): string {
  const { url, title, program, status, latency } = found
  const where = url.replace(/^http:\/\//, '').replace(/\/$/, '')
  const known = [where]
  if (program !== null && title?.trim()) known.push(program)
  if (status === 401 || status === 403) known.push('asks for a sign-in')
  known.push(status >= 500 ? `answers ${status}` : `answered in ${formatMs(latency)}`)
  return known.join(', ')
}
