import { z } from 'zod'
import { isRange } from '../address'
import { object } from './object'
import { isPasswordHash } from '../password-hash'
import { MASK, SECRET } from './secret'
import { duration, id } from './scalars'

/** Names that stand for sets of addresses, some of which follow the machine's own interfaces. */
export const ADDRESS_PRESETS = ['loopback', 'this-network', 'lan', 'vpn', 'anyone'] as const
export type AddressPreset = (typeof ADDRESS_PRESETS)[number]

/** Narrows a text to the name of a preset. */
export function isAddressPreset(text: string): text is AddressPreset {
  return ADDRESS_PRESETS.some((name) => name === text)
}

/** What the presets stand for that do not follow the machine. */
export const PRESET_BLOCKS = {
  loopback: ['127.0.0.0/8', '::1'],
  // RFC 1918, RFC 4193 (unique local), RFC 3927 and RFC 4291 §2.5.6 (link-local).
  lan: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'],
  // RFC 6598: what overlay networks such as Tailscale hand out.
  vpn: ['100.64.0.0/10'],
  // Both families: "everyone" that forgets IPv6 is the trap of `0.0.0.0/0`.
  anyone: ['0.0.0.0/0', '::/0'],
} as const satisfies Record<Exclude<AddressPreset, 'this-network'>, readonly string[]>

/** An address, a CIDR block, a range `a-b`, or a preset. */
export const from = z
  .string({ error: 'write an address, such as 192.168.1.20 or 192.168.1.0/24' })
  .refine((text) => isAddressPreset(text) || isRange(text), {
    error: (issue) =>
      `“${String(issue.input).slice(0, 60)}” is no address, block such as 192.168.1.0/24, range such as 10.0.0.5-10.0.0.20, or one of ${ADDRESS_PRESETS.join(', ')}`,
  })

const action = z.enum(['allow', 'deny'], { error: 'use "allow" or "deny"' })
const until = z.iso.datetime({ offset: true, error: 'write a time such as 2027-01-01T00:00:00Z' })

/** What people write beside a rule, and when it ends. */
const remarks = {
  name: z.string().max(60, { error: 'use at most 60 characters' }).optional().meta({ description: 'What people call the rule.' }),
  note: z.string().max(200, { error: 'use at most 200 characters' }).optional().meta({ description: 'A note for people.' }),
  until: until.optional().meta({ description: 'When the rule ends by itself: from that second on it counts as absent. Omitted: never.' }),
}

/** One line of a shared list. */
export const addressRuleSchema = object({
  action: action.meta({ description: 'What happens to a client that `from` names.' }),
  from: from.meta({ description: 'As in a service’s rules.' }),
  ...remarks,
})

/** One line of a service's rules: an address with what to do, or a shared list that stands in its place. */
export const accessRuleSchema = object({
  action: action
    .optional()
    .meta({ description: 'What happens to a client that `from` names. A rule with `list` takes the actions of that list.' }),
  from: from.optional().meta({
    description:
      'An IPv4 or IPv6 address, a CIDR block, a range `10.0.0.5-10.0.0.20`, or `loopback`, `this-network`, `lan`, `vpn`, `anyone`.',
  }),
  list: id.optional().meta({ description: 'The id of a shared list whose rules stand here.' }),
  ...remarks,
}).superRefine((rule, context) => {
  if ((rule.from === undefined) === (rule.list === undefined)) context.addIssue({ code: 'custom', message: 'give either "from" or "list"' })
  else if (rule.from !== undefined && rule.action === undefined)
    context.addIssue({ code: 'custom', path: ['action'], message: 'use "allow" or "deny"' })
})

/** Who may reach a service. */
export const accessSchema = object({
  rules: z.array(accessRuleSchema).default([]).meta({ description: 'In order; the first that matches decides.' }),
  default: action.optional().meta({ description: 'What happens when no rule matches. Omitted: `deny` if any rule allows, else `allow`.' }),
  mode: z
    .enum(['enforce', 'watch'], { error: 'use "enforce" or "watch"' })
    .default('enforce')
    .meta({ description: '`watch` refuses nobody: what the rules would refuse is counted and marked in the request log.' }),
  onDeny: z
    .union([z.enum(['403', '404', 'close']), z.literal(403), z.literal(404)], { error: 'use "403", "404" or "close"' })
    .transform((value) => (value === 403 ? '403' : value === 404 ? '404' : value))
    .prefault('403')
    .meta({
      description: 'What a refused client gets: `403`, a `404` as if nothing were there, or `close`: no answer, the connection ends.',
    }),
  satisfy: z.enum(['all', 'any'], { error: 'use "all" or "any"' }).default('all').meta({
    description:
      'Where the service asks for a sign-in too: `all`: a client needs both; `any`: whom the rules let in needs no password, and a password lets in anybody else.',
  }),
})

/** A password as it is stored: `scrypt$N$r$p$salt$key`, salt and key in base64 (RFC 7914). */
const passwordHash = z
  .string({ error: 'give the hash that `astrorelay hash-password` prints' })
  .refine((text) => text === MASK || isPasswordHash(text), {
    error: 'give the hash that `astrorelay hash-password` prints: scrypt$N$r$p$salt$key',
  })

/** Who may sign in to a service. */
export const basicAuthSchema = object({
  realm: z
    .string()
    .regex(/^[\x20-\x7e]{1,80}$/, { error: 'use up to 80 plain letters, digits and signs' })
    .refine((text) => !/["\\]/.test(text), { error: 'leave out quotes and backslashes' })
    .optional()
    .meta({ description: 'What browsers show when they ask; omitted: the service’s name.' }),
  users: z
    .array(
      object({
        name: z
          .string({ error: 'give the user a name' })
          .regex(/^[^:\p{Cc}]{1,60}$/u, { error: 'use 1 to 60 characters without a colon' })
          .meta({ description: 'The user’s name; unique within the service.' }),
        hash: passwordHash.meta({
          ...SECRET,
          description: `Of the password, as \`astrorelay hash-password\` prints it. Shown as \`${MASK}\`, which keeps it where it is saved.`,
        }),
      }),
    )
    .min(1, { error: 'add at least one user' })
    .meta({ description: 'Who may sign in.' }),
  letPreflight: z.boolean().default(false).meta({
    description:
      'Whether a browser’s question before a request to another origin (CORS preflight: `OPTIONS` with `Origin` and `Access-Control-Request-Method`) reaches the backend without a sign-in, which it can never bring along. The access rules hold all the same. Leave it off where the backend answers `OPTIONS` as it does `GET`: anybody could read that.',
  }),
}).superRefine(({ users }, context) => {
  for (const [index, { name }] of users.entries()) {
    if (users.findIndex((user) => user.name === name) < index)
      context.addIssue({ code: 'custom', path: ['users', index, 'name'], message: `“${name}” stands here twice; keep one` })
  }
})

const RATE = 'write a whole number from 1 to 1000000'
const rate = z.number({ error: RATE }).int({ error: RATE }).min(1, { error: RATE }).max(1_000_000, { error: RATE })

/** How many requests one client may make. */
export const rateLimitSchema = object({
  requests: rate.meta({ description: 'So many requests of one client (an IPv4 address, an IPv6 /64 network) …' }),
  per: duration('1s', '1d').prefault('1m').meta({
    description:
      '… in so much time; more are answered 429 with `Retry-After`. For `udp` these are sessions, which anybody can begin in another’s name; those that go on are not counted.',
  }),
  burst: rate.optional().meta({ description: 'So many may come at once; omitted: as many as `requests`.' }),
})

/** Rules under a name, for several services. */
export const accessListSchema = object({
  id: id.meta({ description: 'What rules name it by.' }),
  name: z.string().max(60, { error: 'use at most 60 characters' }).optional().meta({ description: 'What people read; omitted: the id.' }),
  rules: z.array(addressRuleSchema).default([]).meta({ description: 'In order; they stand in the place of a rule that names this list.' }),
})

/** One line of the whole gateway's block list, which is checked before any service's rules. */
export const blockedSchema = object({
  from: from.meta({ description: 'As in a service’s rules.' }),
  until: until.optional().meta({ description: 'When the block ends by itself; omitted: never.' }),
  reason: z.string().max(200, { error: 'use at most 200 characters' }).optional().meta({ description: 'A note for people.' }),
})

type Action = z.output<typeof action>
interface Ruled {
  readonly default?: Action | undefined
  readonly rules?: readonly { readonly action?: Action | undefined; readonly list?: string | undefined }[] | undefined
}

/**
 * What happens to whom no rule names. A list counts by its rules, and so do rules that have ended: where somebody was let in by
 * name, everyone else is not let in when that is over.
 */
export function otherwiseOf(access: Ruled | undefined, lists: readonly { readonly id: string; readonly rules?: Ruled['rules'] }[]): Action {
  if (access?.default !== undefined) return access.default
  const allows = (rules: Ruled['rules']): boolean =>
    rules?.some(
      (rule) => rule.action === 'allow' || (rule.list !== undefined && allows(lists.find(({ id: of }) => of === rule.list)?.rules)),
    ) ?? false
  return allows(access?.rules) ? 'deny' : 'allow'
}

export type AccessRule = z.output<typeof accessRuleSchema>
export type Access = z.output<typeof accessSchema>
export type AccessList = z.output<typeof accessListSchema>
export type BasicAuth = z.output<typeof basicAuthSchema>
export type User = BasicAuth['users'][number]
export type RateLimit = z.output<typeof rateLimitSchema>
export type Blocked = z.output<typeof blockedSchema>
