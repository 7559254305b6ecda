import { describe, expect, onTestFinished, test } from 'vitest'
import { enter, STATES, type State, type Visit } from '../../support/matrix/states'
import { told } from '../../support/matrix/stage'
import { until } from '../../support/until'

/**
 * Whatever a client's visit is in the middle of, and whatever happens then: what becomes of it, and what the log says. Each
 * mechanism was tested by itself when a save while one request waited stopped the engine for good; two things at once were not.
 */
type Outcome =
  /** It goes on, and comes to its good end. */
  | 'goes on'
  /** It is ended. `client`: what it gets; null: nothing more. */
  | {
      readonly client: RegExp | null
      readonly by: 'gateway' | 'backend' | 'client'
      readonly error: string | null
      readonly reason: RegExp
    }

type Row = Readonly<Record<State, Outcome>>

const on: Outcome = 'goes on'
const cut = (reason: RegExp, by: 'gateway' | 'backend' | 'client' = 'gateway'): Outcome => ({ client: null, by, error: null, reason })
const answered = (status: number, error: string, reason: RegExp, by: 'gateway' | 'backend' | 'client' = 'gateway'): Outcome => ({
  client: new RegExp(`^HTTP/1\\.1 ${status} `),
  by,
  error,
  reason,
})
const all = (outcome: Outcome, but: Partial<Row> = {}): Row => ({
  'waiting in line': outcome,
  connecting: outcome,
  'sending its body': outcome,
  'waiting for its answer': outcome,
  answering: outcome,
  'in a tunnel': outcome,
  'on a stream': outcome,
  'in a session of datagrams': outcome,
  ...but,
})
interface Event {
  readonly what: string
  readonly happens: (visit: Visit) => void | Promise<unknown>
  readonly outcomes: Row
}

const EVENTS: readonly Event[] = [
  {
    what: 'a save that changes another service',
    happens: ({ stage }) => stage.save({ others: [{ id: 'two', type: 'redirect', hosts: ['two.test'], to: 'http://b.test' }] }),
    outcomes: all(on),
  },
  {
    what: 'a save that changes its own service',
    happens: ({ stage }) => stage.save({ service: { name: 'Another name', timeouts: { drain: '9s' } } }),
    outcomes: all(on),
  },
  {
    what: 'its backend drains',
    happens: ({ stage }) => stage.save({ entry: { state: 'draining' } }),
    outcomes: all(on, { 'waiting in line': answered(503, 'AR_UNAVAILABLE', /^no backend is usable$/) }),
  },
  {
    what: 'its backend is put into maintenance',
    happens: ({ stage }) => stage.save({ entry: { state: 'maintenance' } }),
    outcomes: all(on, { 'waiting in line': answered(503, 'AR_UNAVAILABLE', /^no backend is usable$/) }),
  },
  {
    what: 'a save that moves its listener',
    happens: ({ stage }) => stage.save({ moved: true }),
    outcomes: all(on),
  },
  {
    what: 'its backend gets another address',
    happens: ({ stage }) => stage.save({ entry: { url: `${stage.kind}://127.0.0.1:9`, maxConnections: 1 } }),
    outcomes: all(on, { 'waiting in line': answered(502, 'AR_BACKEND_FAILED', /^a: connection refused$/) }),
  },
  {
    what: 'its backend, the only one, is found down',
    async happens({ stage }) {
      if (stage.kind === 'udp') return
      stage.backend.shut()
      stage.findName()
      await stage.save({ service: { health: { type: 'tcp', interval: '1s', timeout: '1s', fall: 1 } } })
      await until('it to be found down', async () => (await stage.gateway.status()).services[0]?.backends[0]?.health === 'down')
    },
    outcomes: all(on, { connecting: answered(502, 'AR_BACKEND_FAILED', /^a: connection refused$/) }),
  },
  {
    what: 'its backend is disconnected by hand',
    happens: ({ stage }) => stage.gateway.call('backend.disconnect', { service: 'one', backend: 'a' }),
    outcomes: all(cut(/^its backend was disconnected by hand/), { 'waiting in line': on }),
  },
  {
    what: 'its service is deleted',
    happens: ({ stage }) => stage.save({ service: null }),
    outcomes: all(cut(/^its service was deleted/)),
  },
  {
    what: 'its service is switched off',
    happens: ({ stage }) => stage.save({ service: { enabled: false } }),
    outcomes: all(cut(/^its service was switched off/)),
  },
  {
    what: 'the rules refuse its client',
    happens: ({ stage }) => stage.save({ service: { access: { rules: [{ action: 'deny', from: 'loopback' }] } } }),
    outcomes: all(cut(/rules/)),
  },
  {
    what: 'everything is closed',
    happens: ({ stage }) => stage.save({ settings: { closed: true } }),
    outcomes: all(cut(/^everything was closed/)),
  },
  {
    what: 'the gateway is told to end at once',
    happens: ({ stage }) => stage.gateway.stop(0),
    outcomes: all(cut(/gateway/)),
  },
  {
    what: 'its client leaves',
    happens: ({ stage }) => stage.client.leave(),
    // Nobody can tell that a client of datagrams has left.
    outcomes: all(cut(/^the client went away/, 'client'), {
      'in a tunnel': cut(/^the connection broke/, 'client'),
      'on a stream': cut(/^the connection broke/, 'client'),
      'in a session of datagrams': on,
    }),
  },
  {
    what: 'its client says that it has sent all',
    happens: ({ stage }) => stage.client.endHalf(),
    // Half of a request can never be finished.
    outcomes: all(on, { 'sending its body': cut(/^the client went away/, 'client') }),
  },
  {
    what: 'its backend breaks off',
    happens({ stage }) {
      stage.backend.close()
      stage.findName()
      // Only what is sent to it finds out that nobody takes datagrams there any more.
      if (stage.kind === 'udp') stage.client.send('more')
    },
    outcomes: all(cut(/^/, 'backend'), {
      'waiting in line': answered(502, 'AR_BACKEND_FAILED', /^a: connection refused$/),
      connecting: answered(502, 'AR_BACKEND_FAILED', /^a: connection refused$/),
      'sending its body': answered(502, 'AR_BACKEND_FAILED', /^a: the connection was closed before the answer/),
      'waiting for its answer': answered(502, 'AR_BACKEND_FAILED', /^a: the connection was closed before the answer/),
      answering: cut(/^the connection was closed in the middle of the answer/, 'backend'),
    }),
  },
]

describe.each(EVENTS)('$what', ({ happens, outcomes }) => {
  test.each(Object.keys(STATES) as State[])('while a visit is %s', async (state) => {
    const outcome = outcomes[state]
    const visit = await enter(state)
    const { stage } = visit
    onTestFinished(() => stage.stop())
    await happens(visit)
    if (outcome === 'goes on') {
      await visit.finish()
      // What was said to a client that has left its datagrams cannot be seen.
      if (!stage.ended()) await until('the whole of it', () => visit.whole.test(stage.got()))
      if (!visit.endsByItself) stage.client.leave()
      if (state !== 'in a session of datagrams') expect(await told(stage)).toMatchObject({ error: null, backend: 'a' })
      return
    }
    const row = await told(stage)
    expect({ by: row.endedBy, error: row.error, reason: row.reason }).toEqual({
      by: outcome.by,
      error: outcome.error,
      reason: expect.stringMatching(outcome.reason),
    })
    const { client } = outcome
    if (client !== null) await until('the answer', () => client.test(stage.got()))
    else if (state !== 'in a session of datagrams') await until('its end', () => stage.ended())
    // Nothing of it is left.
    await until('nothing to run', async () => (await stage.gateway.status()).services.every(({ traffic }) => traffic.inFlight <= 1))
  })
})
