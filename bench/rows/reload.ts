import { Agent, get } from 'node:http'
import { freePort, manyServices, startBackend, startEngine } from '../engine'
import { median, type Row, spread } from '../row'

const SERVICES = 1_000
const CLIENTS = 16
const REQUESTS_BETWEEN = 1_000

/** Compiling and swapping 1,000 services while clients ask: how long, and how many requests failed. */
export async function reload(): Promise<Row[]> {
  const backend = await startBackend()
  const engine = await startEngine()
  const port = await freePort()
  const document = manyServices(SERVICES, port, backend.url)
  await engine.client.call('load', { revision: '1', document })

  const load = startLoad(port)
  const durations: number[] = []
  for (let revision = 2; revision <= 11; revision++) {
    await load.progress(REQUESTS_BETWEEN)
    const changed = {
      ...document,
      services: document.services?.map((service) => ({ ...service, name: `Service of revision ${revision}` })) ?? [],
    }
    const answer = await engine.client.call('load', { revision: String(revision), document: changed })
    if (!answer.ok) throw new Error(JSON.stringify(answer.issues))
    durations.push(answer.duration)
  }
  const { served, failed } = await load.stop()
  await engine.stop()
  backend.server.close()
  return [
    {
      figure: 'reload of 1,000 services under load',
      value: Math.round(median(durations)),
      unit: 'ms',
      goal: '< 100 ms',
      holds: median(durations) < 100,
      note: `${CLIENTS} clients; ${spread(durations)}`,
    },
    {
      figure: 'requests failed during 10 reloads',
      value: failed,
      unit: `of ${served + failed}`,
      goal: '0',
      holds: failed === 0,
      note: `${CLIENTS} keep-alive clients`,
    },
  ]
}

interface Load {
  /** Waits until that many more requests were answered. */
  progress(count: number): Promise<void>
  stop(): Promise<{ served: number; failed: number }>
}

function startLoad(port: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  let running = true
  let served = 0
  let failed = 0
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let n = client; isRunning(); n += CLIENTS) {
      if ((await status(agent, port, `service-${n % SERVICES}.bench.test`)) === 200) served++
      else failed++
    }
  })
  function answered(): number {
    return served + failed
  }
  function isRunning(): boolean {
    return running
  }
  return {
    async progress(count) {
      const goal = answered() + count
      while (answered() < goal) await new Promise((resolve) => setImmediate(resolve))
    },
    async stop() {
      running = false
      await Promise.all(clients)
      agent.destroy()
      return { served, failed }
    },
  }
}

function status(agent: Agent, port: number, host: string): Promise<number> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, agent, headers: { host } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    }).on('error', () => resolve(0))
  })
}
