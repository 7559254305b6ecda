import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { hashPassword } from '../../proxy/host/hash-password'
import { type Baseline, lookAt } from './baseline'
import { startBackend } from './backends'
import { openClock } from './clock'
import { backendFaults } from './faults/backends'
import { closedFaults } from './faults/closed'
import { diskFaults, mountDisk, unmountDisk } from './faults/disk'
import { engineFaults } from './faults/engine'
import type { Fault, World } from './faults/fault'
import { hostFaults } from './faults/host'
import { timeFaults } from './faults/time'
import { Gateway } from './gateway'
import { Heartbeat } from './heartbeat'
import { writeHostedFile } from './hosted-file'
import { Ledger } from './ledger'
import { startFarNetwork } from './network'
import { FAR, NEAR, PASSWORD } from './places'
import { comesTrue, pause } from './processes'
import { lineOf, report } from './report'
import { Saver } from './saver'
import { type Cost, charge, count, newCost } from './verdict'
import { closeVisitors, type Visitor, visitors } from './visits'
import { Watch } from './watch'

const FAULTS: readonly Fault[] = [...engineFaults, ...hostFaults, ...closedFaults, ...diskFaults, ...timeFaults, ...backendFaults]
const WARM_UP_MS = 10_000
/** Before each fault, so that it falls upon visits that take some seconds. */
const RUN_UP_MS = 2_000
/** Until it serves again, at most; a fault that takes longer is a failure. */
const PATIENCE_S = 30

export interface Wanted {
  readonly minutes: number
  /** A word in the name of the faults to do; empty: all. */
  readonly only: string
  readonly out: string
}

/** True where nothing was lost that may not be. */
export async function chaos({ minutes, only, out }: Wanted): Promise<boolean> {
  const started = performance.now()
  const folder = mkdtempSync(path.join(os.tmpdir(), 'chaos-'))
  const end = (): never => {
    // Processes and links go with the namespaces, which end with this process.
    unmountDisk(path.join(folder, 'data'))
    rmSync(folder, { recursive: true, force: true })
    process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  const run = await startRun(folder)
  const costs = new Map<string, Cost>()
  try {
    const before = await run.calm(WARM_UP_MS)
    const chosen = FAULTS.filter(({ name }) => name.includes(only))
    for (let round = 0; round === 0 || performance.now() - started < minutes * 60_000; round++)
      for (const fault of chosen) {
        if (round > 0 && performance.now() - started > minutes * 60_000) break
        const cost = costs.get(fault.name) ?? newCost(fault)
        costs.set(fault.name, cost)
        await run.suffer(fault, cost)
        console.log(lineOf(cost, started))
      }
    const after = await run.calm(WARM_UP_MS)
    return report({ run, before, after, costs: [...costs.values()], started, out })
  } finally {
    await run.stop()
    unmountDisk(path.join(folder, 'data'))
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface Run {
  /** Some seconds without a fault, then without visitors: what is taken up then. */
  calm(ms: number): Promise<Baseline>
  suffer(fault: Fault, cost: Cost): Promise<void>
  stop(): Promise<void>
  /** What must never be, and was. */
  readonly breaches: Record<string, number>
  readonly calmLosses: Record<string, number>
  readonly ledger: Ledger
  readonly watch: Watch
  readonly saver: Saver
}

async function startRun(folder: string): Promise<Run> {
  const { network, holder } = startFarNetwork()
  const far = await Promise.all(FAR.map((address) => startBackend(address, network.enter)))
  const near = await startBackend(NEAR)
  const [data, files] = [path.join(folder, 'data'), path.join(folder, 'files')]
  mkdirSync(data)
  mkdirSync(files)
  mountDisk(data)
  writeHostedFile(files)
  const clock = openClock(folder)
  const gateway = new Gateway(data, clock, path.join(folder, 'log'))
  const saver = new Saver(gateway, { hash: await hashPassword(PASSWORD), folder: files })
  gateway.configure(saver.first())
  await gateway.startHost()

  const load = { quiet: false, going: true, fault: 'no fault' }
  const breaches: Record<string, number> = {}
  const ledger = new Ledger()
  const watch = new Watch((who) => count(breaches, `${load.fault}: ${who} was let in`))
  const stale = (): void => count(breaches, `${load.fault}: answered by an older document than was acknowledged`)
  const hearts = { near: new Heartbeat('near.test', saver.acknowledged, stale), far: new Heartbeat('far.test', saver.acknowledged, stale) }
  const calmLosses: Record<string, number> = {}
  const visiting = visitors.flatMap((visitor) => Array.from({ length: visitor.count }, () => comeAgain(visitor)))
  const saving = saver.run()

  async function comeAgain({ name, visit, rest }: Visitor): Promise<void> {
    while (load.going) {
      if (load.quiet) await pause(50)
      // One that fails at once must not fill the run.
      else await pause((await ledger.visit(name, visit)) ? rest : 100)
    }
  }

  async function beQuiet(wanted: boolean): Promise<void> {
    load.quiet = wanted
    for (const heart of Object.values(hearts)) heart.pause(wanted)
    saver.hold(wanted)
    if (!wanted) return
    await comesTrue(40, () => ledger.isIdle())
    closeVisitors()
  }

  const world: World = { gateway, near, far, network, clock, saver, watch, quiet: beQuiet }

  async function suffer(fault: Fault, cost: Cost): Promise<void> {
    cost.skipped = fault.missing?.(world) ?? null
    if (cost.skipped !== null) return
    cost.times += 1
    load.fault = fault.name
    await pause(RUN_UP_MS)
    const pid = await gateway.enginePid()
    for (const loss of ledger.takeLosses()) count(calmLosses, `${loss.kind}: ${loss.error}`)
    const began = performance.now()
    await fault.inject(world).catch((error: unknown) => startOver(cost, String(error)))
    const over = performance.now()
    const [near, far] = await Promise.all([hearts.near, hearts.far].map((heart) => heart.wellSince(began, over, PATIENCE_S)))
    const well = { near: near ?? null, far: far ?? null }
    const all = well.near === null || well.far === null ? Number.POSITIVE_INFINITY : Math.max(well.near, well.far)
    for (const part of ['near', 'far'] as const) {
      const since = well[part]
      if (since === null) cost.failures.push(`${part}: nobody was served for ${PATIENCE_S} s`)
      else cost.secondsToServe[part].push(Math.round((since - began) / 10) / 100)
    }
    if (!(await gateway.runs(PATIENCE_S)) || !Number.isFinite(all)) await startOver(cost, 'it did not recover')
    for (const why of saver.takeRefused()) count(cost.savesRefused, why)
    const lost = await saver.lost()
    if (lost !== null) cost.failures.push(lost)
    if (!(await saver.saves(30))) cost.failures.push(`no save was taken within 30 s: ${saver.takeRefused().at(-1) ?? ''}`)
    await comesTrue(40, () => ledger.settledSince(all))
    charge(cost, fault, ledger.takeLosses(), began, Math.max(over, all))
    if (!(await comesTrue(20, () => gateway.enginePids().length === 1))) cost.failures.push(`${gateway.enginePids().length} engines run`)
    const now = await gateway.enginePid()
    if (fault.engine === 'same' && now !== pid) cost.failures.push('the engine is another')
    if (fault.engine === 'another' && now === pid) cost.failures.push('the engine is the same')
  }

  /** So that the next fault finds a gateway that runs. */
  async function startOver(cost: Cost, why: string): Promise<void> {
    cost.failures.push(`${why}; all of it was killed and started`)
    gateway.signalHost('SIGCONT')
    await gateway.killHost()
    for (const pid of gateway.enginePids()) process.kill(pid, 'SIGKILL')
    await beQuiet(false)
    watch.closed(false)
    await gateway.startHost().catch((error: unknown) => cost.failures.push(String(error)))
    await gateway.runs(PATIENCE_S)
  }

  return {
    breaches,
    calmLosses,
    ledger,
    watch,
    saver,
    suffer,
    async calm(ms) {
      await pause(ms)
      await beQuiet(true)
      for (const loss of ledger.takeLosses()) count(calmLosses, `${loss.kind}: ${loss.error}`)
      // Idle connections to backends, sessions of datagrams and pooled names end by themselves.
      await pause(ms)
      const found = await lookAt(gateway)
      await beQuiet(false)
      return found
    },
    async stop() {
      load.going = false
      for (const heart of Object.values(hearts)) heart.stop()
      watch.stop()
      await saver.stop()
      await Promise.all([...visiting, saving])
      closeVisitors()
      await gateway.stop()
      for (const backend of [near, ...far]) backend.signal('SIGKILL')
      holder.kill('SIGKILL')
    },
  }
}
