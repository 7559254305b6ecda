import type { Handlers } from '../../contract/api'
import type { sessionCalls as api } from '../../contract/calls/sessions'
import { CallError } from '../../contract/failure'
import type { Sessions } from './sessions'

/** Who is signed in to the console, and ending that; without a console it is nobody. */
export function sessionCalls(sessions: Sessions | null): Handlers<typeof api> {
  return {
    sessions: () => sessions?.list() ?? [],
    'sessions.revoke': ({ id }) => {
      if (sessions?.revoke(id) !== true) throw new CallError('AR_NOT_FOUND', 'This browser is not signed in any more.')
      return { ended: 1 }
    },
    'sessions.revokeAll': () => ({ ended: sessions?.revokeAll() ?? 0 }),
  }
}
