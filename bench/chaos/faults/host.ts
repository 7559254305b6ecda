import { pause } from '../processes'
import type { Fault } from './fault'

const WITHOUT_HOST_MS = 4_000
/** Longer than a host that supervises may be away without being missed. */
const STOPPED_MS = 12_000

export const hostFaults: readonly Fault[] = [
  {
    name: 'host killed, and the next one started',
    expects: 'nothing is lost: the engine serves on and belongs to the next host',
    held: 'none',
    meanwhile: 'none',
    engine: 'same',
    async inject({ gateway }) {
      await gateway.killHost()
      await pause(WITHOUT_HOST_MS)
      await gateway.startHost()
    },
  },
  {
    name: 'host stopped for 12 s',
    expects: 'nothing is lost',
    held: 'none',
    meanwhile: 'none',
    engine: 'same',
    async inject({ gateway }) {
      gateway.signalHost('SIGSTOP')
      await pause(STOPPED_MS)
      gateway.signalHost('SIGCONT')
    },
  },
  {
    name: 'restart asked for',
    expects: 'nothing is lost: the next engine listens before the last one drains',
    held: 'none',
    meanwhile: 'none',
    engine: 'another',
    async inject({ gateway }) {
      const { status, text } = await gateway.call('POST', '/engine/restart', {}, 60_000)
      if (status !== 200) throw new Error(`the restart was answered ${status} ${text}`)
    },
  },
  {
    name: 'host and engine killed at once, and started',
    expects: 'lost is what they held',
    held: 'all',
    meanwhile: 'all',
    engine: 'another',
    async inject({ gateway }) {
      const pid = await gateway.enginePid()
      gateway.signalHost('SIGKILL')
      process.kill(pid, 'SIGKILL')
      await gateway.killHost()
      await gateway.startHost()
    },
  },
]
