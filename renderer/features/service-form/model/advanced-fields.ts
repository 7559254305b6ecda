import { defaultText, DEFAULTS } from '../../../../proxy/contract/config/facts'
import { RETRY_OMITTED } from '../../../../proxy/contract/maintenance-page'
import { formatSpan } from '../../../lib/format'
import { type AdvancedField, documentPlace } from './advanced-draft'

/** `sample`: what stands in the empty field where the schema has no default to show there. */
export type FieldText = readonly [field: AdvancedField, label: string, sample?: string | undefined, hint?: string]

/** What an empty field shows: the default that then holds, or a sample of what may be written. */
export function placeholderOf([field, , sample]: FieldText): string {
  return defaultText(documentPlace(field)) ?? sample ?? ''
}

/** The texts of a web page's service. */
export const WEB_FIELDS = {
  checks: [
    ['health.path', 'Page to ask for', '/status'],
    ['health.status', 'Good answers'],
    ['health.body', 'Text in the answer', 'Any'],
    ['health.interval', 'Every'],
    ['health.timeout', 'Answer within'],
    ['health.fall', 'Down after failed checks'],
    ['health.rise', 'Back after good checks'],
  ],
  times: [
    ['timeouts.connect', 'To connect'],
    ['timeouts.response', 'For the answer to begin'],
    ['timeouts.idle', 'Between two pieces'],
    ['timeouts.tunnel', 'Silent WebSocket or event stream'],
  ],
  sharing: [
    [
      'maxConnections',
      'Requests at once on each backend',
      'No limit',
      `More wait for ${formatSpan(DEFAULTS.service.queue.wait)}, then are told that it is busy`,
    ],
    ['retry.attempts', 'Other backends to try'],
    ['timeouts.drain', 'To drain, at most'],
    ['balance.slowStart', 'Growing share after coming back, for', 'Whole share at once'],
    ['balance.sticky.cookie', 'Keep visitors on one backend by cookie', 'Not kept', 'A name for the cookie, such as node'],
  ],
  away: [
    ['maintenance.title', 'Title of the page', 'Back soon'],
    ['maintenance.message', 'What it says', 'We are updating the wiki.'],
    ['maintenance.until', 'Expected back', '2027-01-31 18:00', 'In this computer’s time'],
    ['maintenance.retryAfter', 'Programs may ask again after', RETRY_OMITTED, 'Where no time is given above'],
    ['maintenance.allow', 'Who sees the real site all the same', '192.168.1.20', 'Addresses or blocks, apart by commas'],
  ],
  requests: [['maxBody', 'Largest upload', 'No limit', 'Such as 512MB or 1GB']],
} as const satisfies Readonly<Record<string, readonly FieldText[]>>

/** The texts of a machine; `sessions` in place of `checks` and `times` where it speaks UDP. */
export const MACHINE_FIELDS = {
  checks: [
    ['health.interval', 'Every'],
    ['health.timeout', 'Answer within'],
    ['health.fall', 'Down after failed checks'],
    ['health.rise', 'Back after good checks'],
  ],
  times: [
    ['timeouts.connect', 'To connect'],
    ['timeouts.tunnel', 'Silent connection', undefined, 'Closed after so long without a byte'],
  ],
  sessions: [['timeouts.idle', 'Silent client', undefined, 'Forgotten after so long without a datagram']],
  sharing: [
    ['maxConnections', 'Connections at once to each backend', 'No limit'],
    ['retry.attempts', 'Other backends to try'],
    ['timeouts.drain', 'To drain, at most'],
  ],
} as const satisfies Readonly<Record<string, readonly FieldText[]>>
