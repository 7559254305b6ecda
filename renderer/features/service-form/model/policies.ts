import type { ExposeKind } from '../../../state/route'
import type { Policy } from './draft'

/** How requests are shared, in the form's words; `technical` is the name an engineer looks for. */
export const POLICIES = [
  { id: 'round-robin', name: 'Take turns', technical: 'Round robin, by weight' },
  { id: 'least-connections', name: 'Fewest connections', technical: 'Least connections' },
  { id: 'random-two', name: 'Better of two', technical: 'Power of two choices' },
  { id: 'client-ip', name: 'By visitor address', technical: 'Client-IP hash: each visitor stays on one backend' },
] as const satisfies readonly { id: Policy; name: string; technical: string }[]

/** What the policy means for the next request or connection, in a sentence. */
export function nextOne(policy: Policy, kind: ExposeKind): string {
  if (policy === 'least-connections') return `The one with the fewest open ${kind === 'machine' ? 'connections' : 'requests'} is next`
  return {
    'round-robin': 'They take turns',
    'random-two': 'The better of two drawn is next',
    'client-ip': 'Each visitor stays on one of them',
  }[policy]
}
