import { type Access, accessSchema, otherwiseOf } from '../../../../proxy/contract/config/access'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { DEFAULTS, defaultText } from '../../../../proxy/contract/config/facts'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { remarks, type RuleDocument } from '../../../lib/rules'
import { readAccess, writeAccess, type AccessChoice } from './access-choice'

type AccessDocument = NonNullable<ServiceDocument['access']>
export type OnDeny = Access['onDeny']
export type UserDraft = { readonly name: string; readonly hash: string }

/** Who may open a service and how, as it is filled in. */
export interface AccessDraft {
  readonly access: AccessChoice
  /** The service's own rules, while `access` is `custom`. */
  readonly rules: readonly RuleDocument[]
  readonly otherwise: NonNullable<Access['default']>
  readonly watch: boolean
  readonly onDeny: OnDeny
  /** Empty: nobody has to sign in. */
  readonly users: readonly UserDraft[]
  readonly satisfy: Access['satisfy']
  /** Whether CORS preflights need no password. */
  readonly letPreflight: boolean
  /** Requests per minute of one client; empty: no limit. */
  readonly rate: string
}

const STANDARD = DEFAULTS.service.access
/** The form's limit is told by the time that the schema has for it. */
const PER = defaultText('services.rateLimit.per') ?? '1m'

export const NEW_ACCESS: AccessDraft = {
  access: 'network',
  rules: [],
  otherwise: 'deny',
  watch: false,
  onDeny: STANDARD.onDeny,
  users: [],
  satisfy: STANDARD.satisfy,
  letPreflight: false,
  rate: '',
}

export function accessDraftOf({ access, basicAuth, rateLimit }: ServiceDocument, lists: ConfigDocument['accessLists'] = []): AccessDraft {
  const rules = access?.rules ?? []
  return {
    access: readAccess(access),
    rules,
    otherwise: otherwiseOf(access, lists),
    watch: access?.mode === 'watch',
    onDeny: accessSchema.shape.onDeny.catch(STANDARD.onDeny).parse(access?.onDeny),
    users: basicAuth?.users ?? [],
    satisfy: access?.satisfy ?? STANDARD.satisfy,
    letPreflight: basicAuth?.letPreflight ?? false,
    rate: rateLimit === undefined ? '' : (rateLimit.per ?? PER) === PER ? String(rateLimit.requests) : '',
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
    rateLimit: kept ? present.rateLimit : draft.rate.trim() === '' ? undefined : { ...present?.rateLimit, requests: limit, per: PER },
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
    ...(onDeny === STANDARD.onDeny ? {} : { onDeny }),
    ...(satisfy !== STANDARD.satisfy && users.length > 0 ? { satisfy } : {}),
  }
  return Object.keys(whole).length === 0 ? undefined : whole
}
