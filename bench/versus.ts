import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startBenchBackend } from './backend'
import { inTurn } from './compare'
import { freePort, manyServices, out } from './engine'
import { startEngineOf } from './engine-of-any-version'
import { wrk } from './load/wrk'
import { echoesPerSecond } from './load/ws-load'
import { thisMachine } from './machine'
import { pin, TESTED_CORE } from './pin'
import { documentWithHosts, featureDocument, HOST } from './programs/ours'
import { median } from './row'
import { residentMegabytes } from './rows/memory'

const CLIENTS = 64
const TICKS_PER_SECOND = 100

interface Version {
  readonly name: 'now' | 'before'
  readonly bundle: string
}

/**
 * Two versions in turn, by what each gets done in a second of its own processor time: what else runs on the machine takes
 * rates away from both, but not that.
 */
export async function versus(other: string, rounds: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'versus-'))
  const backend = await startBenchBackend(folder)
  const versions: readonly Version[] = [
    { name: 'before', bundle: path.join(other, 'out/engine.js') },
    { name: 'now', bundle: path.join(out, 'engine.js') },
  ]
  const results: Record<string, unknown> = {}
  const engines = new Map<string, Awaited<ReturnType<typeof start>>>()

  async function start({ bundle }: Version, many = false) {
    const engine = await startEngineOf(bundle)
    pin(engine.pid, TESTED_CORE)
    const port = await freePort()
    const document = many ? documentWithHosts(port, backend, 10_000) : featureDocument(port, backend)
    const loaded = await engine.client.call('load', { revision: '1', document })
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.issues))
    return { ...engine, port }
  }
  const engineOf = (version: Version) => {
    const engine = engines.get(version.name)
    if (engine === undefined) throw new Error(`${version.name} is not running`)
    return engine
  }
  /** `work` gives how much it got done. */
  async function compare(figure: string, work: (version: Version) => Promise<number>): Promise<void> {
    const measured = await inTurn(versions, rounds, work)
    const [before, now] = [median(measured.get('before') ?? []), median(measured.get('now') ?? [])]
    results[figure] = { before: round(before), now: round(now), ratio: Math.round((now / before) * 1_000) / 1_000 }
    console.log(`${figure}: before ${round(before)}, now ${round(now)}, now ÷ before ${(now / before).toFixed(3)}`)
  }
  const perSecondOfItsOwn = (work: (port: number) => Promise<number>) => async (version: Version) => {
    const { pid, port } = engineOf(version)
    const began = processorSeconds(pid)
    const done = await work(port)
    return done / (processorSeconds(pid) - began)
  }
  const requests = (load: { path?: string; headers?: readonly string[]; connections?: number }) =>
    perSecondOfItsOwn(async (port) => (await wrk({ port, host: HOST, connections: CLIENTS, seconds: 2, ...load })).requests)

  try {
    for (const version of versions) engines.set(version.name, await start(version))
    for (const version of versions) await wrk({ port: engineOf(version).port, host: HOST, connections: CLIENTS, seconds: 2 })
    await compare('keep-alive answers in a processor second', requests({}))
    await compare('new connections in a processor second', requests({ headers: ['Connection: close'] }))
    await compare('10 MB answers in a processor second', requests({ path: '/big', connections: 8 }))
    await compare(
      'WebSocket echoes in a processor second',
      perSecondOfItsOwn(async (port) => 2 * (await echoesPerSecond(port, HOST, CLIENTS, 2))),
    )
    await compare('1,000 services loaded, in ms', async (version) => {
      const { client, port } = engineOf(version)
      const loaded = await client.call('load', { revision: '2', document: manyServices(1_000, port, `http://127.0.0.1:${backend.port}`) })
      await client.call('load', { revision: '3', document: featureDocument(port, backend) })
      return loaded.ok ? loaded.duration : Number.NaN
    })
    await compare('resident after all that, in MB', (version) => Promise.resolve(residentMegabytes(engineOf(version).pid) ?? Number.NaN))
    for (const engine of engines.values()) await engine.stop()
    for (const version of versions) engines.set(version.name, await start(version, true))
    for (const version of versions) await wrk({ port: engineOf(version).port, host: HOST, connections: CLIENTS, seconds: 2 })
    await compare('keep-alive answers with 10,000 host names, in a processor second', requests({}))
    await compare('start to loaded, in ms', async (version) => {
      const began = performance.now()
      const engine = await start(version)
      const took = performance.now() - began
      await engine.stop()
      return took
    })
  } finally {
    for (const engine of engines.values()) await engine.stop()
    await backend.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const file = path.join(import.meta.dirname, 'versus-result.json')
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), machine: thisMachine(), rounds, results }, null, 2)}\n`)
}

/** What a process has used of the processors, in seconds (proc(5): utime and stime). */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function round(value: number): number {
  return value >= 1_000 ? Math.round(value) : Math.round(value * 10) / 10
}
