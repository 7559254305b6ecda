import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { sameJson } from '../../../lib/same-json'

/** Who can open a service, in the words of the form; `self`: this computer only; `custom`: rules that no ready-made answer says. */
export type AccessChoice = 'self' | 'network' | 'lan' | 'vpn' | 'anyone' | 'custom'
type ReadyMade = Exclude<AccessChoice, 'custom'>
type AccessDocument = ServiceDocument['access']

/**
 * What each choice writes. `this-network` holds this computer itself, and `lan` is given it: whoever sets a service up tries
 * it there first, and a refusal would look like a fault.
 */
const WRITTEN = {
  self: { rules: [{ action: 'allow', from: 'loopback' }], default: 'deny' },
  network: { rules: [{ action: 'allow', from: 'this-network' }], default: 'deny' },
  lan: {
    rules: [
      { action: 'allow', from: 'lan' },
      { action: 'allow', from: 'loopback' },
    ],
    default: 'deny',
  },
  vpn: { rules: [{ action: 'allow', from: 'vpn' }], default: 'deny' },
  anyone: undefined,
} as const satisfies Record<ReadyMade, AccessDocument>

/** Which choice a document's rules stand for. */
export function readAccess(access: AccessDocument): AccessChoice {
  const rules = access?.rules ?? []
  if (rules.length === 0) return access?.default === 'deny' ? 'custom' : 'anyone'
  // A rule with an end or a note is somebody's own.
  if (
    rules.some(
      ({ action, list, until, note, name }) =>
        action !== 'allow' || list !== undefined || until !== undefined || note !== undefined || name !== undefined,
    )
  )
    return 'custom'
  const from = new Set(rules.map((rule) => rule.from))
  if (from.has('anyone')) return 'anyone'
  if (access?.default === 'allow') return 'custom'
  from.delete('loopback')
  const [only, ...more] = from
  if (more.length > 0) return 'custom'
  if (only === undefined) return 'self'
  return only === 'this-network' ? 'network' : only === 'lan' || only === 'vpn' ? only : 'custom'
}

/** The rules of a choice; those already there are kept where they say the same. */
export function writeAccess(choice: AccessChoice, present: AccessDocument): AccessDocument {
  if (choice === 'custom' || readAccess(present) === choice) return present
  const written = WRITTEN[choice]
  return written === undefined ? undefined : { rules: written.rules.map((rule) => ({ ...rule })), default: written.default }
}

/** Whether the second lets in people whom the first does not, the internet included. */
export function opensToAnyone(before: AccessDocument, after: AccessDocument): boolean {
  return !sameJson(before, after) && readAccess(after) === 'anyone' && readAccess(before) !== 'anyone'
}
