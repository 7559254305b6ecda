import type { EventHub } from '../event-hub'
import type { Supervisor } from '../supervisor'
import type { BlockBook } from './block-book'

/** Whom the engine has blocked by itself is known from its events and, since one may have run unheard, asked for once it runs. */
export function keepBlocks(hub: EventHub, supervisor: Pick<Supervisor, 'ask'>, book: BlockBook, log: (line: string) => void): void {
  hub.on('access', (event) => book.heard(event))
  hub.on('engine', ({ state }) => {
    if (state !== 'running') return
    supervisor.ask('access.blocks', {}).then(
      (known) => (known === null ? undefined : book.learn(known)),
      (error: unknown) => log(`blocks: the gateway could not be asked for them: ${String(error)}`),
    )
  })
}
