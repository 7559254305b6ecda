import { timingSafeEqual } from 'node:crypto'
import { chmodSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { DOOR, helloSchema } from '../contract/engine-door'
import type { Frame, Transport } from '../contract/rpc/transport'
import { valueLines, type ValueLines } from '../system/value-lines'

/** Before it has said the key, nobody may say more. */
const HELLO_CHARACTERS = 1_000
const HELLO_MS = 5_000
/** A line may be a whole configuration with its lists. */
const LINE_CHARACTERS = 512 * 1_024 * 1_024
/** A host that is stopped reads nothing; told of it all it would fill our memory. It connects again when it goes on. */
const WAITING_CHARACTERS = 16 * 1_024 * 1_024
/** Connections that have not said who they are. */
const STRANGERS = 16

export interface DoorPlace {
  readonly address: string
  readonly key: string
  readonly build: string
}

export interface DoorHandlers {
  /** A host is there; the one before it has been let go. */
  readonly onHost: (transport: Transport) => void
  /** The host has gone, and no other has taken its place. */
  readonly onAlone: () => void
  /** Somebody with the key who is not the host. */
  readonly onVisitor: (transport: Transport) => void
}

/** Where the engine is to be found, by its environment; null where it says nothing of it. */
export function doorPlace(environment: NodeJS.ProcessEnv): DoorPlace | null {
  const { [DOOR.address]: address, [DOOR.key]: key, [DOOR.build]: build = '' } = environment
  return address === undefined || key === undefined || key === '' ? null : { address, key, build }
}

/** The engine's own local socket: a host, one at a time, supervises it over this, and the next one finds it there. */
export class Door {
  private readonly server = createServer((socket) => this.greet(socket))
  private host: ValueLines | null = null
  private strangers = 0

  constructor(
    private readonly place: DoorPlace,
    private readonly handlers: DoorHandlers,
  ) {}

  /** Rejects with what the system says. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen({ path: this.place.address }, () => {
        if (process.platform !== 'win32') chmodSync(this.place.address, 0o600)
        this.server.off('error', reject)
        // Too many open files cost a connection, not the process.
        this.server.on('error', () => undefined)
        resolve()
      })
    })
  }

  /** Takes the socket's name away, so that nobody finds this engine any more; who is connected stays. */
  close(): void {
    this.server.close()
  }

  get hasHost(): boolean {
    return this.host !== null
  }

  /** Tells the host, if there is one; the next one asks for all of it. */
  tell(frame: Frame): void {
    this.host?.send(frame)
  }

  private greet(socket: Socket): void {
    if (this.strangers >= STRANGERS) return void socket.destroy()
    this.strangers += 1
    let known = false
    const lines = valueLines(socket, () => ({ waiting: WAITING_CHARACTERS, line: known ? LINE_CHARACTERS : HELLO_CHARACTERS }))
    const patience = setTimeout(() => lines.cut(), HELLO_MS)
    const isKnown = (): void => {
      clearTimeout(patience)
      this.strangers -= 1
    }
    lines.onClose(() => {
      if (!known) isKnown()
    })
    lines.onValue((value) => {
      const hello = helloSchema.safeParse(value)
      if (!hello.success || !isSame(hello.data.key, this.place.key)) return lines.cut()
      known = true
      isKnown()
      lines.send({ welcome: { pid: process.pid, build: this.place.build } })
      if (hello.data.as === 'host') this.welcomeHost(lines)
      else this.handlers.onVisitor(transportOver(lines))
    })
  }

  private welcomeHost(lines: ValueLines): void {
    const former = this.host
    this.host = lines
    former?.cut()
    lines.onClose(() => {
      if (this.host !== lines) return
      this.host = null
      this.handlers.onAlone()
    })
    this.handlers.onHost(transportOver(lines))
  }
}

function transportOver(lines: ValueLines): Transport {
  return {
    send: (frame) => void lines.send(frame),
    onFrame: (listener) => lines.onValue(listener),
    onClose: (listener) => lines.onClose(listener),
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
