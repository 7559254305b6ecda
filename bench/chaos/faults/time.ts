import { pause } from '../processes'
import type { Fault } from './fault'

const HOUR = 3_600
const MOVED_MS = 6_000

/** The clock is moved, and after some seconds it is right again: two steps, one either way. */
function moved(name: string, seconds: number): Fault {
  return {
    name,
    expects: 'nothing is lost, nobody is let in or thrown out',
    held: 'none',
    meanwhile: 'none',
    engine: 'same',
    missing: ({ clock }) => clock.missing,
    async inject({ clock }) {
      clock.move(seconds)
      await pause(MOVED_MS)
      clock.move(0)
      await pause(MOVED_MS / 2)
    },
  }
}

export const timeFaults: readonly Fault[] = [moved('clock an hour back', -HOUR), moved('clock two days on', 48 * HOUR)]
