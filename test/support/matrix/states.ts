import { until } from '../until'
import { inFlight, setStage, type Kind, type Stage } from './stage'

/** A visit in one state of its life, and how it comes to its good end. */
export interface Visit {
  readonly stage: Stage
  /** Lets what runs come to its good end; the client has got `whole` then. */
  finish(): Promise<void>
  readonly whole: RegExp
  /** Whether there is an end of its own; else the client has to leave. */
  readonly endsByItself: boolean
}

const GET = 'GET /visit HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const UPGRADE = 'GET /visit HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const SWITCHED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n'
const WHOLE = /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nfirst last$/

/** Brings one visit into the state that is named. */
export const STATES = {
  'waiting in line': waitingInLine,
  connecting: async () => {
    const stage = await setStage('http', { named: true })
    stage.client.send(GET)
    await until('it to run', async () => (await inFlight(stage)) === 1)
    return request(stage, async () => {
      stage.findName()
      await asked(stage)
      stage.backend.send(`${HEAD}first last`)
    })
  },
  'sending its body': async () => {
    const stage = await setStage('http')
    stage.client.send('POST /visit HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nhe')
    await until('the first half', () => stage.backend.got().endsWith('he'))
    return request(stage, async () => {
      stage.client.send('ad')
      await until('the second half', () => stage.backend.got().endsWith('head'))
      stage.backend.send(`${HEAD}first last`)
    })
  },
  'waiting for its answer': async () => {
    const stage = await setStage('http')
    stage.client.send(GET)
    await asked(stage)
    return request(stage, () => stage.backend.send(`${HEAD}first last`))
  },
  answering: async () => {
    const stage = await setStage('http')
    stage.client.send(GET)
    await asked(stage)
    stage.backend.send(`${HEAD}first `)
    await until('the first half', () => stage.got().endsWith('first '))
    return request(stage, () => stage.backend.send('last'))
  },
  'in a tunnel': async () => {
    const stage = await setStage('http')
    stage.client.send(UPGRADE)
    await asked(stage)
    stage.backend.send(`${SWITCHED}first `)
    await until('the first half', () => stage.got().endsWith('first '))
    return { stage, finish: () => stage.backend.send('last'), whole: /first last$/, endsByItself: false }
  },
  'on a stream': () => passing('tcp'),
  'in a session of datagrams': () => passing('udp'),
} satisfies Record<string, () => Promise<LooseVisit>>

export type State = keyof typeof STATES

type LooseVisit = Omit<Visit, 'finish'> & { finish(): void | Promise<void> }

/** Brings one visit into a state. */
export async function enter(state: State): Promise<Visit> {
  const entered: LooseVisit = await STATES[state]()
  return { ...entered, finish: async () => entered.finish() }
}

function request(stage: Stage, finish: () => void | Promise<void>): LooseVisit {
  return { stage, finish, whole: WHOLE, endsByItself: true }
}

async function asked({ backend }: Stage): Promise<void> {
  await until('the request', () => backend.got().includes('GET /visit') && backend.got().endsWith('\r\n\r\n'))
}

async function passing(kind: Kind): Promise<LooseVisit> {
  const stage = await setStage(kind)
  stage.client.send('hello')
  await until('the greeting', () => stage.backend.got() === 'hello')
  stage.backend.send('first ')
  await until('the first half', () => stage.got() === 'first ')
  return { stage, finish: () => stage.backend.send('last'), whole: /^first last$/, endsByItself: false }
}

/** Another request has the one place that there is. */
async function waitingInLine(): Promise<LooseVisit> {
  const stage = await setStage('http', { service: { queue: { length: 5, wait: '25s' } }, entry: { maxConnections: 1 } })
  const other = await stage.another()
  other.send('GET /other HTTP/1.1\r\nHost: a\r\n\r\n')
  await until('the other request', () => stage.backend.got().includes('GET /other'))
  stage.client.send(GET)
  await until('both', async () => (await inFlight(stage)) === 2)
  return request(stage, async () => {
    stage.backend.sendFirst('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    await asked(stage)
    stage.backend.send(`${HEAD}first last`)
    other.leave()
  })
}
