import { Agent, request } from 'node:http'
import { until } from './until'

const CLIENTS = 8

/** Clients who ask again and again, half of them over connections of their own, and note what was not answered well. */
export interface SteadyLoad {
  /** Resolves when so many more have been served. */
  served(count: number): Promise<void>
  /** Lets the last ones end; gives what failed. */
  end(): Promise<string[]>
}

/** Asks a gateway on loopback. A connection that the gateway ended in good order before it was asked on is no failure: clients open another. */
export function steadyLoad(port: number, host = '127.0.0.1'): SteadyLoad {
  let count = 0
  const over = new AbortController()
  const failed: string[] = []
  const ask = (agent: Agent): Promise<void> =>
    new Promise((resolve) => {
      const asked = request({ host: '127.0.0.1', port, agent, path: '/', headers: { host }, timeout: 20_000 }, (answer) => {
        let size = 0
        answer.on('data', (chunk: Buffer) => (size += chunk.length))
        answer.on('close', () => {
          if (answer.statusCode === 200 && answer.complete && size > 0) count += 1
          else failed.push(`${answer.statusCode} ${answer.complete ? '' : 'cut'}`)
          resolve()
        })
      })
      asked.on('timeout', () => asked.destroy(new Error('no answer in time')))
      asked.on('error', (error: NodeJS.ErrnoException) => {
        if (!(asked.reusedSocket && error.code === 'ECONNRESET')) failed.push(error.message)
        resolve()
      })
      asked.end()
    })
  const work = Array.from({ length: CLIENTS }, async (_, n) => {
    const agent = new Agent({ keepAlive: n % 2 === 0, maxSockets: 1 })
    while (!over.signal.aborted) await ask(agent)
    agent.destroy()
  })
  return {
    async served(more) {
      const goal = count + more
      await until(`${more} more answers`, () => count >= goal || failed.length > 0)
    },
    async end() {
      over.abort()
      await Promise.all(work)
      return failed
    },
  }
}
