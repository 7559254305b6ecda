import { get } from 'node:http'
import { freePort, manyServices, startBackend, startEngine } from '../engine'
import { median, type Row, spread } from '../row'

/** From spawning the engine's process to its first answered request, and to the loaded configuration. */
export async function engineStart(): Promise<Row[]> {
  const backend = await startBackend()
  const ready: number[] = []
  const answered: number[] = []
  for (let run = 0; run < 5; run++) {
    const port = await freePort()
    const started = performance.now()
    const engine = await startEngine()
    await engine.client.call('load', { revision: '1', document: manyServices(10, port, backend.url) })
    ready.push(performance.now() - started)
    await request(port)
    answered.push(performance.now() - started)
    await engine.stop()
  }
  backend.server.close()
  return [row('engine ready', ready), row('engine start to first answer', answered)]
}

function row(figure: string, values: readonly number[]): Row {
  return {
    figure,
    value: Math.round(median(values)),
    unit: 'ms',
    goal: '< 400 ms',
    holds: median(values) < 400,
    note: `from spawn; ${spread(values)}`,
  }
}

function request(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, headers: { host: 'service-1.bench.test' }, agent: false }, (response) => {
      response.resume().on('end', resolve)
    }).on('error', reject)
  })
}
