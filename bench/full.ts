import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startBenchBackend, type BenchBackend } from './backend'
import { freePort } from './engine'
import { wrkVersion } from './load/wrk'
import { thisMachine, versionsOf } from './machine'
import { writePage } from './page'
import { canPin, LOAD_CORE, pin } from './pin'
import { startCaddy } from './programs/caddy'
import { startHaproxy } from './programs/haproxy'
import { startHttpProxy } from './programs/http-proxy'
import { startNginxProxy } from './programs/nginx'
import { startOurs } from './programs/ours'
import type { Program, ProgramSetting } from './programs/program'
import { quickRows } from './quick'
import { saveResults } from './results'
import type { Row } from './row'
import { longLists } from './rows/lists'
import { memory } from './rows/memory'
import { accessRules, hostNames } from './rows/scale'
import { tcpStream } from './rows/stream'
import { addedLatency, bigAnswers, keepAlive, newConnections, webSocketEcho } from './rows/traffic'
import { swaps, watching } from './rows/upkeep'
import { textTable } from './table'

/** Goals whose features are still to come. */
const LATER: readonly Row[] = [
  { figure: 'HTTPS keep-alive', value: null, unit: 'requests/s', goal: '≥ 0.9 × nginx', holds: null, note: 'not in this version' },
]

/** Measures every row beside the other programs, prints the table, and writes bench/results.json and docs/performance.md. `only`: rows whose name holds it. */
export async function full(only = ''): Promise<void> {
  const wrk = wrkVersion()
  if (wrk === null) throw new Error('the benchmark needs wrk (apt-get install wrk nginx-light haproxy caddy)')
  if (!canPin) console.log('Programs cannot be pinned here (taskset, two cores): the figures say little.')
  const machine = thisMachine()
  // First, while nothing is pinned and nobody else runs.
  const rows = 'quick rows'.includes(only) ? await quickRows() : []
  pin(process.pid, LOAD_CORE)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-bench-'))
  const stops: (() => Promise<void>)[] = []
  try {
    const backend = await startBenchBackend(folder)
    stops.push(() => backend.stop())
    const programs: Program[] = []
    for (const start of [startOurs, startNginxProxy, startHaproxy, startCaddy, startHttpProxy]) {
      const program = await start(await settingOf(backend, folder))
      if (program === null) continue
      programs.push(program)
      stops.push(() => program.stop())
    }
    rows.unshift(...(await measureAll(programs, backend, folder, only)))
    writePage(saveResults(rows, machine, { ...versionsOf(programs), wrk }))
    console.log(`\n${textTable(rows)}`)
  } finally {
    for (const stop of stops.toReversed()) await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureAll(programs: readonly Program[], backend: BenchBackend, folder: string, only: string): Promise<Row[]> {
  const measurements: Readonly<Record<string, () => Promise<Row[]>>> = {
    'keep-alive': () => keepAlive(programs),
    'added latency': () => addedLatency(programs, backend.port),
    '10 MB answers': () => bigAnswers(programs),
    'new connections': () => newConnections(programs),
    'WebSocket echo': () => webSocketEcho(programs),
    'tcp stream': () => tcpStream(folder),
    memory: () => memory(backend),
    'host names': () => hostNames(backend),
    'CIDR rules': () => accessRules(backend),
    'blocked networks': () => longLists(backend),
    swaps: () => swaps(backend, folder),
    watching: () => watching(backend),
    later: () => Promise.resolve([...LATER]),
  }
  const rows: Row[] = []
  for (const [name, measure] of Object.entries(measurements)) {
    if (!name.includes(only)) continue
    const started = performance.now()
    rows.push(...(await measured(name, measure)))
    console.log(`${name}: ${((performance.now() - started) / 1_000).toFixed(0)} s`)
  }
  return rows
}

/** A row that could not be measured says why; the others are measured all the same. */
async function measured(name: string, measure: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await measure()
  } catch (error) {
    console.error(error)
    return [
      {
        figure: name,
        value: null,
        unit: '',
        goal: '',
        holds: false,
        note: `could not be measured: ${error instanceof Error ? error.message : String(error)}`,
      },
    ]
  }
}

async function settingOf(backend: BenchBackend, folder: string): Promise<ProgramSetting> {
  return { port: await freePort(), backend, folder }
}
