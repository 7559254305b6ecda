import { DEFAULTS } from '../../../../proxy/contract/config/facts'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { localTime } from './advanced-draft'
import type { ServiceDraft } from './draft'
import { filled } from './without-undefined'

// How a service is shared out, kept up and told of, as it would be saved; what the form does not show is kept.

export function sharingOf(draft: ServiceDraft, present: ServiceDocument | undefined): Pick<ServiceDocument, 'balance' | 'retry'> {
  const cookie = textOf(draft, 'balance.sticky.cookie')
  const attempts = textOf(draft, 'retry.attempts')
  return {
    balance: filled({
      ...present?.balance,
      policy: draft.policy === DEFAULTS.service.balance.policy && present?.balance?.policy === undefined ? undefined : draft.policy,
      sticky: cookie === undefined ? undefined : { ...present?.balance?.sticky, cookie },
      slowStart: textOf(draft, 'balance.slowStart'),
    }),
    retry: filled({ ...present?.retry, attempts: attempts === undefined ? undefined : Number(attempts) }),
  }
}

export function maintenanceOf(draft: ServiceDraft, present: ServiceDocument | undefined): ServiceDocument['maintenance'] {
  const until = textOf(draft, 'maintenance.until')
  const allow = draft.advanced['maintenance.allow'].split(/[\s,]+/).filter((address) => address !== '')
  return filled({
    ...present?.maintenance,
    mode:
      draft.maintenanceMode === DEFAULTS.service.maintenance.mode && present?.maintenance?.mode === undefined
        ? undefined
        : draft.maintenanceMode,
    title: textOf(draft, 'maintenance.title'),
    message: textOf(draft, 'maintenance.message'),
    until: until === undefined ? undefined : isoTime(until, present?.maintenance?.until),
    retryAfter: textOf(draft, 'maintenance.retryAfter'),
    allow: allow.length === 0 ? undefined : allow,
  })
}

export function alertsOf(draft: ServiceDraft, present: ServiceDocument | undefined): ServiceDocument['alerts'] {
  return filled({ ...present?.alerts, mute: draft.mute || undefined })
}

function textOf({ advanced }: ServiceDraft, key: keyof ServiceDraft['advanced']): string | undefined {
  return advanced[key].trim() || undefined
}

/** The saved time where it is what is written; what is no time goes in as it is, for the schema to say so. */
export function isoTime(text: string, saved: string | undefined): string {
  if (saved !== undefined && localTime(saved) === text) return saved
  const at = new Date(text.replace(' ', 'T'))
  return Number.isNaN(at.getTime()) ? text : at.toISOString()
}
