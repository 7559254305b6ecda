import { pause } from '../processes'
import { killEngineAgainAndAgain } from './engine'
import type { Fault } from './fault'

export const closedFaults: readonly Fault[] = [
  {
    name: 'everything closed; engine killed three times, host killed and started',
    expects: 'it stays closed until it is opened',
    held: 'none',
    meanwhile: 'none',
    engine: 'another',
    async inject(world) {
      const { gateway, saver, watch } = world
      await world.quiet(true)
      if (!(await saver.save({ closed: true }))) throw new Error(`it could not be closed: ${saver.takeRefused().join(', ')}`)
      watch.closed(true)
      await pause(1_000)
      await killEngineAgainAndAgain(world, 3)
      await gateway.killHost()
      await gateway.startHost()
      await pause(1_000)
      const lost = await saver.lost()
      if (lost !== null) throw new Error(lost)
      watch.closed(false)
      if (!(await saver.save({ closed: false }))) throw new Error(`it could not be opened: ${saver.takeRefused().join(', ')}`)
      await world.quiet(false)
    },
  },
]
