import { z } from 'zod'
import { parseRange } from '../address'
import { object } from './object'
import { id } from './scalars'

/** Names that stand for sets of addresses, some of which follow the machine's own interfaces. */
export const ADDRESS_PRESETS = ['loopback', 'this-network', 'lan', 'vpn', 'anyone'] as const
export type AddressPreset = (typeof ADDRESS_PRESETS)[number]

/** Narrows a text to the name of a preset. */
export function isAddressPreset(text: string): text is AddressPreset {
  return ADDRESS_PRESETS.some((name) => name === text)
}

/** An address, a CIDR block, a range `a-b`, or a preset. */
export const from = z
  .string({ error: 'write an address, such as 192.168.1.20 or 192.168.1.0/24' })
  .refine((text) => isAddressPreset(text) || parseRange(text) !== null, {
    error: (issue) => `“${String(issue.input).slice(0, 60)}” is no address, block such as 192.168.1.0/24, range such as 10.0.0.5-10.0.0.20, or one of ${ADDRESS_PRESETS.join(', ')}`,
  })

const action = z.enum(['allow', 'deny'], { error: 'use "allow" or "deny"' })
const addressRule = object({
  action: action.meta({ description: 'What happens to a client that `from` names.' }),
  from: from.meta({ description: 'As in a service’s rules.' }),
})

/** One line of a service's rules: an address with what to do, or a shared list that stands in its place. */
export const accessRuleSchema = object({
  action: action.optional().meta({ description: 'What happens to a client that `from` names. A rule with `list` takes the actions of that list.' }),
  from: from.optional().meta({ description: 'An IPv4 or IPv6 address, a CIDR block, a range `10.0.0.5-10.0.0.20`, or `loopback`, `this-network`, `lan`, `vpn`, `anyone`.' }),
  list: id.optional().meta({ description: 'The id of a shared list whose rules stand here.' }),
}).superRefine((rule, context) => {
  if ((rule.from === undefined) === (rule.list === undefined)) context.addIssue({ code: 'custom', message: 'give either "from" or "list"' })
  else if (rule.from !== undefined && rule.action === undefined) context.addIssue({ code: 'custom', path: ['action'], message: 'use "allow" or "deny"' })
})

/** Who may reach a service. */
export const accessSchema = object({
  rules: z.array(accessRuleSchema).default([]).meta({ description: 'In order; the first that matches decides.' }),
  default: action.optional().meta({ description: 'What happens when no rule matches. Omitted: `deny` if any rule allows, else `allow`.' }),
})

/** Rules under a name, for several services. */
export const accessListSchema = object({
  id: id.meta({ description: 'What rules name it by.' }),
  name: z.string().max(60, { error: 'use at most 60 characters' }).optional().meta({ description: 'What people read; omitted: the id.' }),
  rules: z.array(addressRule).default([]).meta({ description: 'In order; they stand in the place of a rule that names this list.' }),
})

/** One line of the whole gateway's block list, which is checked before any service's rules. */
export const blockedSchema = object({
  from: from.meta({ description: 'As in a service’s rules.' }),
  until: z.iso.datetime({ offset: true, error: 'write a time such as 2027-01-01T00:00:00Z' }).optional().meta({ description: 'When the block ends by itself; omitted: never.' }),
  reason: z.string().max(200, { error: 'use at most 200 characters' }).optional().meta({ description: 'A note for people.' }),
})

export type AccessRule = z.output<typeof accessRuleSchema>
export type Access = z.output<typeof accessSchema>
export type AccessList = z.output<typeof accessListSchema>
export type Blocked = z.output<typeof blockedSchema>
