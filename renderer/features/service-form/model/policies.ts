import type { Policy } from './draft'

/** How requests are shared, in the form's words; `technical` is the name an engineer looks for. */
export const POLICIES = [
  { id: 'round-robin', name: 'Take turns', technical: 'Round robin, by weight' },
  { id: 'least-connections', name: 'Fewest connections', technical: 'Least connections' },
  { id: 'random-two', name: 'Better of two', technical: 'Power of two choices' },
  { id: 'client-ip', name: 'By visitor address', technical: 'Client-IP hash: each visitor stays on one backend' },
] as const satisfies readonly { id: Policy; name: string; technical: string }[]

/** What the policy means for the next request, in a sentence. */
export const NEXT_REQUEST: Readonly<Record<Policy, string>> = {
  'round-robin': 'They take turns',
  'least-connections': 'The one with the fewest open requests is next',
  'random-two': 'The better of two drawn is next',
  'client-ip': 'Each visitor stays on one of them',
}
