import type { Gateway } from './gateway'
import { factsOf, pause } from './processes'

const SAMPLES = 20

/** What engine and host take up while nobody comes but those who are refused: the least of some looks. */
export interface Baseline {
  readonly engineMegabytes: number
  readonly engineDescriptors: number
  readonly hostMegabytes: number
  readonly hostDescriptors: number
  readonly connections: number
  readonly running: number
  /** Time-outs that are set, where the gateway tells. */
  readonly timers: number | null
}

export async function lookAt(gateway: Gateway): Promise<Baseline> {
  const looks: Baseline[] = []
  for (let sample = 0; sample < SAMPLES; sample++) {
    const { engine, listeners, services, busy } = await gateway.status()
    const [data, host] = [factsOf(engine.pid ?? 0), factsOf(gateway.hostPid)]
    if (data === null || host === null) throw new Error('engine or host does not run')
    looks.push({
      engineMegabytes: data.megabytes,
      engineDescriptors: data.descriptors,
      hostMegabytes: host.megabytes,
      hostDescriptors: host.descriptors,
      connections: listeners.reduce((sum, { connections }) => sum + connections, 0),
      running: services.reduce((sum, { traffic }) => sum + traffic.inFlight, 0),
      timers: busy?.timers ?? null,
    })
    await pause(250)
  }
  const least = (pick: (look: Baseline) => number): number => Math.min(...looks.map(pick))
  return {
    engineMegabytes: least((look) => look.engineMegabytes),
    engineDescriptors: least((look) => look.engineDescriptors),
    hostMegabytes: least((look) => look.hostMegabytes),
    hostDescriptors: least((look) => look.hostDescriptors),
    connections: least((look) => look.connections),
    running: least((look) => look.running),
    timers: looks.some(({ timers }) => timers === null) ? null : least((look) => look.timers ?? 0),
  }
}

/** What a garbage collector may be off by. */
const GROWTH = 1.3
const GROWTH_MB = 20
const DESCRIPTORS = 4

/** What is above the baseline, in words. */
export function leftOver(before: Baseline, after: Baseline): string[] {
  const found: string[] = []
  const memory = (who: string, was: number, is: number): void => {
    if (is > was * GROWTH + GROWTH_MB) found.push(`the ${who} has ${is} MB, where it had ${was} MB before`)
  }
  memory('engine', before.engineMegabytes, after.engineMegabytes)
  memory('host', before.hostMegabytes, after.hostMegabytes)
  const count = (what: string, was: number, is: number, slack: number): void => {
    if (is > was + slack) found.push(`${is} ${what} are left, where there were ${was}`)
  }
  count('descriptors of the engine', before.engineDescriptors, after.engineDescriptors, DESCRIPTORS)
  count('descriptors of the host', before.hostDescriptors, after.hostDescriptors, DESCRIPTORS)
  count('connections', before.connections, after.connections, 0)
  count('running requests', before.running, after.running, 0)
  if (before.timers !== null && after.timers !== null) count('time-outs', before.timers, after.timers, DESCRIPTORS)
  return found
}
