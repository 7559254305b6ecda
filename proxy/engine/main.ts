import { engineApi } from '../contract/engine-api'
import { serveRpc } from '../contract/rpc/server'
import { openChannel } from './channel'
import { createEngine } from './engine'

/** How long running requests get when the parent has gone: nobody is left to ask for more. */
const ORPHAN_DRAIN_MS = 2_000

/** How long they get when a service manager stops the whole group. */
const SIGNAL_DRAIN_MS = 10_000

const transport = openChannel()
if (transport === null) {
  process.stderr.write('The engine is started by AstroRelay itself; run “astrorelay serve”.\n')
  process.exit(2)
}

// A fault of ours leaves state nobody has thought of: the supervisor starts a fresh process in a moment.
process.on('uncaughtException', (error) => {
  process.stderr.write(`engine: ${error.stack ?? error.message}\n`)
  process.exit(1)
})

const engine = createEngine({ emit: (name, payload) => transport.send({ kind: 'event', name, payload }) })

serveRpc(
  transport,
  engineApi,
  {
    ...engine.handlers,
    async drain({ timeout }) {
      await engine.stop(timeout)
      // After the answer has gone out.
      setTimeout(() => process.exit(0), 50)
      return null
    },
  },
  {
    onFault: (error, call) =>
      process.stderr.write(`engine: ${call}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
  },
)

transport.onClose(() => void engine.stop(ORPHAN_DRAIN_MS).finally(() => process.exit(0)))
// Ctrl-C reaches the whole group; it is the host that has this process drained in good order.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => void engine.stop(SIGNAL_DRAIN_MS).finally(() => process.exit(0)))
