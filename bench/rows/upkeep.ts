import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { ServiceDocument } from '../../proxy/contract/config/service'
import { type BenchBackend, startBenchBackend } from '../backend'
import { type BenchEngine, freePort, startEngine } from '../engine'
import { wrk } from '../load/wrk'
import { pin, TESTED_CORE } from '../pin'
import type { Row } from '../row'

const REQUESTS = 1_000_000
/** One run of the load; it goes on without a break until there were enough. */
const SPAN_SECONDS = 10
const WATCHED = 1_000
const WATCH_SECONDS = 20
const WATCH_GOAL = 2
/** Of Linux: clock ticks a second, as /proc counts them. */
const TICKS = 100

type Backends = NonNullable<ServiceDocument['backends']>

/** Two servers that take turns, each drained and taken out while the other works, under a million requests. */
export async function swaps(first: BenchBackend, folder: string): Promise<Row[]> {
  const aside = path.join(folder, 'second')
  mkdirSync(aside)
  const second = await startBenchBackend(aside)
  const engine = await startEngine()
  pin(engine.pid, TESTED_CORE)
  const over = new AbortController()
  try {
    const port = await freePort()
    const [a, b] = [
      { id: 'a', url: `http://127.0.0.1:${first.port}` },
      { id: 'b', url: `http://127.0.0.1:${second.port}` },
    ]
    await load(engine, documentOf(port, [a]))
    const swapping = swapOn(engine, port, [a, b], over.signal)
    let requests = 0
    while (requests < REQUESTS) requests += (await wrk({ port, connections: 64, seconds: SPAN_SECONDS })).requests
    over.abort()
    const swapped = await swapping
    const { failed } = (await engine.client.call('status', {})).services[0]?.traffic ?? { failed: Number.NaN }
    return [
      {
        figure: 'swap of a backend under load',
        value: failed,
        unit: 'failed requests',
        goal: '0 of 1,000,000',
        holds: failed === 0 && swapped > 0,
        note: `${requests.toLocaleString('en')} requests over 64 connections during ${swapped} swaps, each: add, drain, wait until nothing runs, take out; wrk saw no broken connection and no answer but 200`,
      },
    ]
  } finally {
    over.abort()
    await engine.stop()
    await second.stop()
  }
}

async function swapOn(
  engine: BenchEngine,
  port: number,
  pair: readonly [Backends[number], Backends[number]],
  over: AbortSignal,
): Promise<number> {
  let [old, next] = pair
  let done = 0
  while (!over.aborted) {
    await load(engine, documentOf(port, [next, { ...old, state: 'draining' }]))
    while (await runsOn(engine, old.id)) await delay(5)
    await load(engine, documentOf(port, [next]))
    ;[old, next] = [next, old]
    done++
    await delay(20)
  }
  return done
}

async function runsOn(engine: BenchEngine, id: string): Promise<boolean> {
  const { services } = await engine.client.call('status', {})
  return (services[0]?.backends.find((backend) => backend.id === id)?.inFlight ?? 0) > 0
}

/** What it costs to watch a thousand backends, each by a page every five seconds. */
export async function watching(backend: BenchBackend): Promise<Row[]> {
  const engine = await startEngine()
  try {
    const port = await freePort()
    const shares: number[] = []
    for (const type of ['off', 'http'] as const) {
      await load(engine, {
        version: 1,
        listeners: [{ id: 'web', address: '127.0.0.1', port }],
        services: Array.from({ length: WATCHED }, (_, n) => ({
          id: `s-${n}`,
          hosts: [`s-${n}.bench.test`],
          backends: [{ id: 'main', url: `http://127.0.0.1:${backend.port}` }],
          health: { type, path: '/' },
        })),
      })
      await delay(10_000) // the first checks, which come at once, and the compiler
      const before = cpuSeconds(engine.pid)
      await delay(WATCH_SECONDS * 1_000)
      shares.push(((cpuSeconds(engine.pid) - before) / WATCH_SECONDS) * 100)
    }
    const [idle = Number.NaN, watched = Number.NaN] = shares
    const up = (await engine.client.call('status', {})).services.filter(({ backends }) => backends[0]?.health === 'up').length
    const cost = Math.round((watched - idle) * 10) / 10
    return [
      {
        figure: 'watching 1,000 backends',
        value: cost,
        unit: '% of a core',
        goal: `< ${WATCH_GOAL} %`,
        holds: cost < WATCH_GOAL && up === WATCHED,
        note: `a GET each every 5 s for ${WATCH_SECONDS} s, ${up} of ${WATCHED} up; with checks ${watched.toFixed(1)} %, without ${idle.toFixed(1)} %`,
      },
    ]
  } finally {
    await engine.stop()
  }
}

function documentOf(port: number, backends: Backends): ConfigDocument {
  return {
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: [{ id: 'one', backends, health: { type: 'off' } }],
  }
}

let revisions = 0

async function load(engine: BenchEngine, document: ConfigDocument): Promise<void> {
  const answer = await engine.client.call('load', { revision: `upkeep ${++revisions}`, document })
  if (!answer.ok) throw new Error(`the document was refused: ${JSON.stringify(answer)}`)
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}
