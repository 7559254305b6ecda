import { Agent, type ClientRequestArgs } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { BackendError } from './backend-error'
import { dial, type DialOptions, type DialTarget } from './dial'

/**
 * How long an idle connection is kept, or shorter where the backend says so with `Keep-Alive`: after a burst hundreds of
 * them would otherwise stay for good. Node closes only idle ones by it; those in use have deadlines of their own.
 */
const IDLE_MS = 30_000

/**
 * Connections to one backend. It hands a connection out only once it stands, TLS included, so that whatever fails before
 * is known to have sent nothing. To the HTTP client it always looks like plain `http:`, since TLS is done here.
 */
export class BackendAgent extends Agent {
  private readonly target: DialTarget
  private readonly dialing: () => DialOptions
  private retired = false

  constructor(target: DialTarget, dialing: () => DialOptions, keepAlive: boolean) {
    super({ keepAlive, scheduling: 'lifo', maxFreeSockets: 256, timeout: IDLE_MS })
    this.target = target
    this.dialing = dialing
  }

  override createConnection(_: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    this.open((error, socket) => answer(callback, error, socket))
  }

  /** Opens a connection outside the pool. */
  open(done: (error: BackendError | null, socket: Socket | null) => void): void {
    dial(this.target, this.dialing(), done)
  }

  /** Closes idle connections and keeps none from now on; running requests end undisturbed. */
  retire(): void {
    this.retired = true
    for (const socket of Object.values(this.freeSockets).flatMap((list) => list ?? [])) socket.destroy()
  }

  override keepSocketAlive(socket: Duplex): boolean {
    return !this.retired && keepsAlive(super.keepSocketAlive(socket))
  }
}

/** Node's types leave the answer out. */
function keepsAlive(answer: unknown): boolean {
  return answer === true
}

/** Node's types want a stream beside an error; it does not look at one. */
function answer(callback: ((error: Error | null, stream: Duplex) => void) | undefined, error: BackendError | null, socket: Socket | null): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `http.Agent` ignores the stream where there is an error
  callback?.(error, socket as Duplex)
}
