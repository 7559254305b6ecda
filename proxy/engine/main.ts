import { engineApi, engineVisitorApi } from '../contract/engine-api'
import { serveRpc } from '../contract/rpc/server'
import { isShortage } from '../system/steady'
import { Door, doorPlace } from './door'
import { InheritedPorts } from './edge/inherited'
import { turn } from '../system/slices'
import { createEngine } from './engine'
import { Patience } from './patience'
import { handOver, inheritPorts, isSuccessor } from './succession'

/** How long running requests get when a service manager stops the whole group, or nobody is left to ask for more. */
const LAST_DRAIN_MS = 10_000

const place = doorPlace(process.env)
if (place === null) {
  process.stderr.write('The engine is started by AstroRelay itself; run “astrorelay serve”.\n')
  process.exit(2)
}

// Our first host reads what is printed, and may be gone: that must not end us, and the next one hears of it otherwise.
let isRead = true
for (const stream of [process.stdout, process.stderr])
  stream.on('error', () => {
    isRead = false
  })

// A fault of ours leaves state nobody has thought of: the supervisor starts a fresh process in a moment.
process.on('uncaughtException', (error) => {
  say(error.stack ?? error.message)
  // A want of descriptors or memory passes, and ending for it would cut everybody.
  if (isShortage(error)) return
  // The words may be on their way over the socket.
  setImmediate(() => process.exit(1))
})

const inherited = new InheritedPorts()
const engine = createEngine({ inherited, emit: (name, payload) => door.tell({ kind: 'event', name, payload }) })
const patience = new Patience(() => end(LAST_DRAIN_MS), isSuccessor())
const door = new Door(place, {
  onHost(transport) {
    patience.stop()
    serveRpc(transport, engineApi, handlers, { onFault, turn })
  },
  onAlone: () => patience.begin(place.address),
  onVisitor: (transport) => serveRpc(transport, engineVisitorApi, { closeAll: () => handlers.closeAll({}) }, { onFault }),
})

const handlers = {
  ...engine.handlers,
  async load(params: Parameters<typeof engine.handlers.load>[0]) {
    const result = await engine.handlers.load(params)
    patience.serveAlone(engine.aloneFor)
    return result
  },
  async handOver({ program }: { program: Parameters<typeof handOver>[0] }) {
    return { pid: await handOver(program, engine.handles()) }
  },
  async drain({ timeout, successor }: { timeout: number; successor: boolean }) {
    // From here on nobody needs to find us, and we end even if our host does not wait.
    door.close()
    await engine.stop(timeout, successor)
    // After the answer has gone out.
    setTimeout(() => process.exit(0), 50)
    return null
  },
}

function onFault(error: unknown, call: string): void {
  say(`${call}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
  if (!isRead) door.tell({ kind: 'event', name: 'said', payload: { line } })
}

function end(timeout: number): void {
  door.close()
  void engine.stop(timeout).finally(() => process.exit(0))
}

// Ctrl-C reaches the whole group; it is the host that has this process drained in good order.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.on('SIGTERM', () => end(LAST_DRAIN_MS))

// Whoever hears that we have the ports finds us.
void door
  .open()
  .then(() => inheritPorts(inherited))
  .then(() => patience.begin(place.address))
