import { execFileSync } from 'node:child_process'
import { flood } from '../flood'
import { childrenOf, comesTrue, factsOf, pause, sizeOf } from '../processes'
import type { Fault, World } from './fault'

/** Descriptors that are left to it: fewer than its visitors want. */
const DESCRIPTORS_LEFT = 10
/** Of address space; the heap cannot grow, and buffers hardly. */
const MEMORY_LEFT = 4 * 1024 * 1024

/** Gives the pid that it had. */
async function killEngine({ gateway }: World): Promise<number> {
  const pid = await gateway.enginePid()
  process.kill(pid, 'SIGKILL')
  await comesTrue(20, () => factsOf(pid) === null)
  return pid
}

/** Waits for the next one after each. */
export async function killEngineAgainAndAgain(world: World, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const pid = await killEngine(world)
    // The host may not have noticed yet, and tell of the one that is gone.
    await comesTrue(30, async () => {
      const { state, pid: next } = (await world.gateway.status()).engine
      return state === 'running' && next !== pid
    })
  }
}

export const engineFaults: readonly Fault[] = [
  {
    name: 'engine killed',
    expects: 'lost is what it held; the next one serves within seconds',
    held: 'all',
    meanwhile: 'all',
    engine: 'another',
    inject: async (world) => void (await killEngine(world)),
  },
  {
    name: 'engine killed three times in a row',
    expects: 'the same, and no save is taken back for it',
    held: 'all',
    meanwhile: 'all',
    engine: 'another',
    inject: (world) => killEngineAgainAndAgain(world, 3),
  },
  {
    name: 'engine stopped',
    expects: 'its silence is noticed and another takes its place',
    held: 'all',
    meanwhile: 'all',
    engine: 'another',
    async inject({ gateway }) {
      const pid = await gateway.enginePid()
      process.kill(pid, 'SIGSTOP')
      const replaced = await comesTrue(30, () => factsOf(pid) === null)
      if (!replaced) process.kill(pid, 'SIGCONT')
    },
  },
  {
    name: 'engine out of descriptors',
    expects: 'what runs goes on; it takes new connections again once there are some',
    held: 'none',
    meanwhile: 'all',
    engine: 'same',
    async inject({ gateway }) {
      const pid = await gateway.enginePid()
      const before = limitOf(pid, 'nofile')
      limit(pid, 'nofile', (factsOf(pid)?.descriptors ?? 0) + DESCRIPTORS_LEFT)
      const ended = flood(200)
      await pause(8_000)
      ended()
      if (factsOf(pid) !== null) limit(pid, 'nofile', before)
    },
  },
  {
    name: 'engine out of memory, flooded by a refused client',
    expects: 'lost is at most what it held; whoever is refused stays refused',
    held: 'all',
    meanwhile: 'all',
    engine: 'either',
    async inject({ gateway }) {
      const pid = await gateway.enginePid()
      const before = limitOf(pid, 'as')
      limit(pid, 'as', sizeOf(pid, 'VmSize') + MEMORY_LEFT)
      const ended = flood(40)
      await comesTrue(12, () => factsOf(pid) === null)
      ended()
      if (factsOf(pid) !== null) limit(pid, 'as', before)
    },
  },
  {
    name: 'workers killed',
    expects: 'nothing is lost',
    held: 'none',
    meanwhile: 'none',
    engine: 'same',
    missing: ({ gateway }) => (workersOf(gateway.hostPid, gateway.enginePids()).length === 0 ? 'there are none' : null),
    inject({ gateway }) {
      for (const pid of workersOf(gateway.hostPid, gateway.enginePids())) process.kill(pid, 'SIGKILL')
      return Promise.resolve()
    },
  },
]

/** Whatever else host and engine have started. */
function workersOf(host: number, engines: readonly number[]): number[] {
  return [host, ...engines].flatMap(childrenOf).filter((pid) => !engines.includes(pid))
}

type Resource = 'nofile' | 'as'

function limitOf(pid: number, resource: Resource): string {
  return execFileSync('prlimit', ['--pid', String(pid), `--${resource}`, '--raw', '--noheadings', '--output', 'SOFT'], {
    encoding: 'utf8',
  }).trim()
}

/** The soft limit alone, so that it can be taken back. */
function limit(pid: number, resource: Resource, to: number | string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--${resource}=${to}:`])
}
