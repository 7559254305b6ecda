import { pause } from '../processes'
import { FAR_KINDS, type Fault, ONCE_ONLY } from './fault'

/** Until checks, one a second, have found them well again. */
const FOUND_AGAIN_MS = 4_000

export const backendFaults: readonly Fault[] = [
  {
    name: 'link to the backends cut for 6 s',
    expects: 'what is under way goes on once it is back; services without it notice nothing',
    held: 'none',
    meanwhile: FAR_KINDS,
    engine: 'same',
    async inject({ network }) {
      network.setLink('down')
      await pause(6_000)
      network.setLink('up')
      await pause(FOUND_AGAIN_MS)
    },
  },
  {
    name: 'one of two backends killed, and started',
    expects: 'lost is what it held and nobody may send again',
    held: ONCE_ONLY,
    meanwhile: ONCE_ONLY,
    engine: 'same',
    async inject({ far }) {
      far[0]?.signal('SIGKILL')
      await pause(4_000)
      await far[0]?.start()
      await pause(FOUND_AGAIN_MS)
    },
  },
  {
    name: 'one of two backends hangs for 8 s',
    expects: 'nothing is lost: what it has waits for it',
    held: 'none',
    meanwhile: 'none',
    engine: 'same',
    async inject({ far }) {
      far[0]?.signal('SIGSTOP')
      await pause(8_000)
      far[0]?.signal('SIGCONT')
      await pause(FOUND_AGAIN_MS)
    },
  },
  {
    name: 'one of two backends resets every connection',
    expects: 'lost is what it had begun and nobody may send again',
    held: ONCE_ONLY,
    meanwhile: ONCE_ONLY,
    engine: 'same',
    async inject({ far }) {
      far[0]?.signal('SIGUSR2')
      await pause(5_000)
      far[0]?.signal('SIGUSR2')
      await pause(FOUND_AGAIN_MS)
    },
  },
  {
    name: 'both backends killed, and started',
    expects: 'services without them notice nothing; served again once they are back',
    held: FAR_KINDS,
    meanwhile: FAR_KINDS,
    engine: 'same',
    async inject({ far }) {
      for (const backend of far) backend.signal('SIGKILL')
      await pause(4_000)
      for (const backend of far) await backend.start()
      await pause(FOUND_AGAIN_MS)
    },
  },
]
