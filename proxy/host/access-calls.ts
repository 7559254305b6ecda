import type { Handlers } from '../contract/api'
import type { accessCalls as api } from '../contract/calls/access'
import { CallError } from '../contract/failure'
import { hashPassword } from './hash-password'
import type { Supervisor } from './supervisor'

/** Where the console's pages come from: it listens on loopback only. */
const CONSOLE_ADDRESSES = ['127.0.0.1']

/** Who may reach what: asked of the engine, whose own rules answer. */
export function accessCalls(supervisor: Supervisor): Handlers<typeof api> {
  return {
    'access.test': async (question) => {
      const answer = needed(await supervisor.ask('access.test', question))
      if (!answer.ok)
        throw new CallError('AR_INVALID', answer.issues[0]?.message ?? 'The question is not valid.', { issues: answer.issues })
      return answer.verdict
    },
    // Without an engine nobody has been let in.
    'access.impact': async ({ document }) =>
      (await supervisor.ask('access.impact', { document, console: CONSOLE_ADDRESSES })) ?? { addresses: [], total: 0, running: 0 },
    'access.counts': async () => needed(await supervisor.ask('access.counts', {})),
    'access.unblock': async ({ address }) => needed(await supervisor.ask('access.unblock', { address })),
    'password.hash': async ({ password }) => ({ hash: await hashPassword(password) }),
  }
}

function needed<Result>(answer: Result | null): Result {
  if (answer === null) throw new CallError('AR_ENGINE', 'The gateway is not running, and only it knows this. Start it and ask again.')
  return answer
}
