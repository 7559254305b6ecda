import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { localTime, type ServiceDraft } from './draft'
import { filled } from './without-undefined'

type Upkeep = Pick<ServiceDocument, 'balance' | 'retry' | 'maintenance' | 'alerts'>

/** How a service is shared out, kept up and told of, as it would be saved; what the form does not show is kept. */
export function upkeepOf(draft: ServiceDraft, present: ServiceDocument | undefined): Upkeep {
  const text = (key: keyof ServiceDraft['advanced']): string | undefined => draft.advanced[key].trim() || undefined
  const cookie = text('balance.sticky.cookie')
  const attempts = text('retry.attempts')
  const until = text('maintenance.until')
  const allow = draft.advanced['maintenance.allow'].split(/[\s,]+/).filter((address) => address !== '')
  return {
    balance: filled({
      ...present?.balance,
      policy: draft.policy === 'round-robin' && present?.balance?.policy === undefined ? undefined : draft.policy,
      sticky: cookie === undefined ? undefined : { ...present?.balance?.sticky, cookie },
      slowStart: text('balance.slowStart'),
    }),
    retry: filled({ ...present?.retry, attempts: attempts === undefined ? undefined : Number(attempts) }),
    maintenance: filled({
      ...present?.maintenance,
      mode: draft.maintenanceMode === 'auto' && present?.maintenance?.mode === undefined ? undefined : draft.maintenanceMode,
      title: text('maintenance.title'),
      message: text('maintenance.message'),
      until: until === undefined ? undefined : isoTime(until, present?.maintenance?.until),
      retryAfter: text('maintenance.retryAfter'),
      allow: allow.length === 0 ? undefined : allow,
    }),
    alerts: filled({ ...present?.alerts, mute: draft.mute || undefined }),
  }
}

/** The saved time where it is what is written; what is no time goes in as it is, for the schema to say so. */
export function isoTime(text: string, saved: string | undefined): string {
  if (saved !== undefined && localTime(saved) === text) return saved
  const at = new Date(text.replace(' ', 'T'))
  return Number.isNaN(at.getTime()) ? text : at.toISOString()
}
