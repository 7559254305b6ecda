import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { EngineStatus } from '../proxy/contract/status'
import { startEngine } from './engine'
import { type SoakPorts, startSoakWorld } from './load/soak-world'
import { closeClients, type Visitor, visitors } from './load/soak-clients'
import { thisMachine } from './machine'
import { canPin, LOAD_CORE, pin, TESTED_CORE } from './pin'
import { median } from './row'
import { residentMegabytes } from './rows/memory'

const SAMPLES = 60
/** The first part of the run does not count: JavaScript is compiled, pools and heap find their size. */
const WARM_UP = 0.2
/** The last quarter may be above the first by so much and still be flat: what a garbage collector is off by. */
const GROWTH = 1.1
const GROWTH_MB = 5

/** A save falls into whatever goes on then. */
const SAVE_EVERY_MS = 2_000
/** Backends with health checks; each has a timer, and one for the connection that its checks go over. */
const WATCHED = 2 * 6

type Busy = EngineStatus['busy']

interface Tally {
  visits: number
  failures: number
  readonly reasons: Set<string>
}

/** Mixed load for some minutes, or one kind of it (`only`). True where memory stayed flat, no visit failed, and nothing is left open. */
export async function soak(minutes: number, only = ''): Promise<boolean> {
  if (canPin) pin(process.pid, LOAD_CORE)
  const world = await startSoakWorld()
  const engine = await startEngine()
  if (canPin) pin(engine.pid, TESTED_CORE)
  const load = async (turn: number): Promise<void> => {
    const loaded = await engine.client.call('load', { revision: String(turn), document: world.document(turn) })
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.issues))
  }
  await load(0)

  const until = performance.now() + minutes * 60_000
  const tallies: Record<string, Tally> = {}
  const clients = visitors
    .filter(({ name }) => name.includes(only))
    .flatMap((visitor) => {
      const tally = (tallies[visitor.name] = { visits: 0, failures: 0, reasons: new Set<string>() })
      return Array.from({ length: visitor.count }, () => visitUntil(until, world.ports, visitor, tally))
    })
  const saves = saveUntil(until, load)
  const memory = await sample(engine.pid, until, minutes)
  await Promise.all(clients)
  const saved = await saves
  closeClients()
  const busy = await idle(async () => (await engine.client.call('status', {})).busy)
  await engine.stop()
  world.stop()

  const counted = memory.slice(Math.floor(memory.length * WARM_UP))
  const quarter = Math.ceil(counted.length / 4)
  const first = median(counted.slice(0, quarter))
  const last = median(counted.slice(-quarter))
  const flat = last <= first * GROWTH + GROWTH_MB
  const failures = Object.values(tallies).reduce((sum, tally) => sum + tally.failures, 0)
  const visits = Object.fromEntries(
    Object.entries(tallies).map(([name, { visits, failures, reasons }]) => [name, { visits, failures, reasons: [...reasons] }]),
  )
  const result = {
    at: new Date().toISOString(),
    machine: thisMachine(),
    minutes,
    flat,
    firstQuarterMegabytes: first,
    lastQuarterMegabytes: last,
    highestMegabytes: Math.max(...memory),
    saves: saved,
    left: busy,
    visits,
    memory,
  }
  writeFileSync(path.join(import.meta.dirname, 'soak-result.json'), `${JSON.stringify(result, null, 2)}\n`)
  console.table(Object.fromEntries(Object.entries(tallies).map(([name, { visits, failures }]) => [name, { visits, failures }])))
  for (const { reasons } of Object.values(tallies)) for (const reason of reasons) console.log(reason)
  console.log(
    `memory: ${first} MB in the first quarter after warming up, ${last} MB in the last: ${flat ? 'flat' : 'NOT FLAT'}; ${failures} failures; ${saved} saves; left: ${JSON.stringify(busy)}`,
  )
  return flat && failures === 0 && isIdle(busy)
}

async function visitUntil(until: number, ports: SoakPorts, { visit, rest }: Visitor, tally: Tally): Promise<void> {
  while (performance.now() < until) {
    tally.visits += 1
    try {
      await visit(ports)
    } catch (error) {
      tally.failures += 1
      if (tally.reasons.size < 5) tally.reasons.add(error instanceof Error ? error.message : String(error))
      // One that fails at once must not fill the run.
      await pause(100)
    }
    if (rest > 0) await pause(rest)
  }
}

/** The engine's memory at even intervals. */
async function sample(pid: number, until: number, minutes: number): Promise<number[]> {
  const samples: number[] = []
  while (performance.now() < until) {
    await pause((minutes * 60_000) / SAMPLES)
    const megabytes = residentMegabytes(pid)
    if (megabytes === null) throw new Error('this system does not tell a process’s memory (no /proc)')
    samples.push(megabytes)
    console.log(`${((samples.length * minutes) / SAMPLES).toFixed(1)} min  ${megabytes} MB`)
  }
  return samples
}

/** Saves again and again while visitors come; gives how often. */
async function saveUntil(until: number, load: (turn: number) => Promise<void>): Promise<number> {
  let turn = 0
  while (performance.now() < until) {
    await pause(SAVE_EVERY_MS)
    turn += 1
    await load(turn)
  }
  return turn
}

/** Waits for everything to be over, and gives what is left. */
async function idle(ask: () => Promise<Busy>): Promise<Busy> {
  for (let tries = 0; tries < 900 && !isIdle(await ask()); tries++) await pause(100)
  return ask()
}

/** Nothing runs or waits; of timers there are those of the checks, one for each backend that is watched. */
function isIdle({ connections, waiting, running, timers }: Busy): boolean {
  return connections === 0 && waiting === 0 && running === 0 && timers <= WATCHED
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
