import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { remarks, type RuleDocument } from '../../../lib/rules'
import { readAccess, writeAccess, type AccessChoice } from './access-choice'

type AccessDocument = NonNullable<ServiceDocument['access']>
export type OnDeny = '403' | '404' | 'close'
export type UserDraft = { readonly name: string; readonly hash: string }

/** Who may open a service and how, as it is filled in. */
export interface AccessDraft {
  readonly access: AccessChoice
  /** The service's own rules, while `access` is `custom`. */
  readonly rules: readonly RuleDocument[]
  readonly otherwise: 'allow' | 'deny'
  readonly watch: boolean
  readonly onDeny: OnDeny
  /** Empty: nobody has to sign in. */
  readonly users: readonly UserDraft[]
  readonly satisfy: 'all' | 'any'
  /** Whether CORS preflights need no password. */
  readonly letPreflight: boolean
  /** Requests per minute of one client; empty: no limit. */
  readonly rate: string
}

export const NEW_ACCESS: AccessDraft = {
  access: 'network',
  rules: [],
  otherwise: 'deny',
  watch: false,
  onDeny: '403',
  users: [],
  satisfy: 'all',
  letPreflight: false,
  rate: '',
}

export function accessDraftOf({ access, basicAuth, rateLimit }: ServiceDocument): AccessDraft {
  const rules = access?.rules ?? []
  const onDeny = String(access?.onDeny ?? '403')
  return {
    access: readAccess(access),
    rules,
    otherwise: access?.default ?? (rules.some(({ action, list }) => action === 'allow' || list !== undefined) ? 'deny' : 'allow'),
    watch: access?.mode === 'watch',
    onDeny: onDeny === '404' || onDeny === 'close' ? onDeny : '403',
    users: basicAuth?.users ?? [],
    satisfy: access?.satisfy ?? 'all',
    letPreflight: basicAuth?.letPreflight ?? false,
    rate: rateLimit === undefined ? '' : rateLimit.per === undefined || rateLimit.per === '1m' ? String(rateLimit.requests) : '',
  }
}

/** What of the document a draft stands for; a rate limit that the form cannot say stays. */
export function writeAccessDraft(
  draft: AccessDraft,
  present: ServiceDocument | undefined,
): Pick<ServiceDocument, 'access' | 'basicAuth' | 'rateLimit'> {
  const limit = Number(draft.rate)
  const kept = present?.rateLimit !== undefined && accessDraftOf(present).rate === draft.rate
  return {
    access: withManners(
      draft.access === 'custom' ? { rules: draft.rules.map(ruleOf), default: draft.otherwise } : writeAccess(draft.access, present?.access),
      draft,
    ),
    basicAuth:
      draft.users.length === 0
        ? undefined
        : {
            ...present?.basicAuth,
            users: draft.users.map(({ name, hash }) => ({ name, hash })),
            letPreflight:
              draft.letPreflight === (present?.basicAuth?.letPreflight ?? false) ? present?.basicAuth?.letPreflight : draft.letPreflight,
          },
    rateLimit: kept ? present.rateLimit : draft.rate.trim() === '' ? undefined : { ...present?.rateLimit, requests: limit, per: '1m' },
  }
}

function ruleOf({ action, from, list, name, note, until }: RuleDocument): NonNullable<AccessDocument['rules']>[number] {
  const who = list === undefined ? { ...(action === undefined ? {} : { action }), ...(from === undefined ? {} : { from }) } : { list }
  return { ...who, ...remarks({ name, note, until }) }
}

function withManners(access: AccessDocument | undefined, { watch, onDeny, satisfy, users }: AccessDraft): AccessDocument | undefined {
  const { mode: _mode, onDeny: _onDeny, satisfy: _satisfy, ...rest } = access ?? {}
  const whole: AccessDocument = {
    ...rest,
    ...(watch ? { mode: 'watch' } : {}),
    ...(onDeny === '403' ? {} : { onDeny }),
    ...(satisfy === 'any' && users.length > 0 ? { satisfy } : {}),
  }
  return Object.keys(whole).length === 0 ? undefined : whole
}
