import type { Listener } from '../../contract/config/listener'
import type { EndingName } from '../../contract/endings'
import type { ListenerStatus } from '../../contract/status'
import { bindKey, type ListenerPlace } from './plan'
import { explainBindFailure, type BindFailure, type HolderOf } from './bind-failure'
import type { InheritedPorts } from './inherited'
import type { ListenerTraits, PortSocket, ReasonToEnd } from './port-socket'

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 15_000

export interface BoundListenerOptions {
  /** Makes the socket of a listener, of the kind that its protocol asks for. */
  readonly make: (listener: Listener, traits: ListenerTraits) => PortSocket
  readonly holderOf: HolderOf
  /** What a predecessor handed over. */
  readonly inherited: InheritedPorts
  readonly onChange: (status: ListenerStatus) => void
}

/** One configured listener: its socket while it can be had, else the reason and the next try. */
export class BoundListener {
  private config: Listener
  private headerBytes: number
  private readonly options: BoundListenerOptions
  private socket: PortSocket | null = null
  private failure: BindFailure | null = null
  private timer: NodeJS.Timeout | undefined
  private delay = FIRST_RETRY_MS
  private stopped = false
  /** Settles when the reason of the last failed try is known: the system may take seconds to name the program. */
  explained: Promise<void> = Promise.resolve()

  constructor(config: Listener, headerBytes: number, options: BoundListenerOptions) {
    this.config = config
    this.headerBytes = headerBytes
    this.options = options
  }

  /** Takes over what was edited. The socket and its connections stay. */
  update(config: Listener, headerBytes: number): void {
    this.config = config
    this.headerBytes = headerBytes
    this.socket?.update(this.traits)
  }

  /** Tries to have the port; where it cannot be had, goes on trying in the background. Who has it is told by `explained`. */
  async open(): Promise<void> {
    const { address, port } = this.config
    const socket = this.options.make(this.config, this.traits)
    const error = await socket.bind(address, port, this.options.inherited.take(bindKey(this.config)))
    if (this.stopped) return void socket.drain()
    if (error !== null) {
      this.explained = this.explain(error)
      return
    }
    this.socket = socket
    socket.update(this.traits)
    this.become(null)
  }

  private async explain(error: NodeJS.ErrnoException): Promise<void> {
    const { address, port, protocol } = this.config
    const failure = await explainBindFailure(error, address, port, protocol === 'udp' ? nobodyKnown : this.options.holderOf)
    if (this.stopped) return
    this.become(failure)
    this.timer = setTimeout(() => void this.open(), this.delay)
    this.delay = Math.min(this.delay * 2, LAST_RETRY_MS)
  }

  /** Stops accepting. Resolves when its last connection has ended. */
  async drain(successor = false): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    await this.socket?.drain(successor)
  }

  get handle(): PortSocket['handle'] {
    return this.socket?.handle ?? null
  }

  closeIdle(): void {
    this.socket?.closeIdle?.()
  }

  cut(reason: string): void {
    this.socket?.cut(reason)
  }

  giveWay(): number {
    return this.socket?.giveWay?.() ?? 0
  }

  end(why: ReasonToEnd): EndingName[] {
    return this.socket?.end(why) ?? []
  }

  countUnwelcome(why: ReasonToEnd): number {
    return this.socket?.countUnwelcome(why) ?? 0
  }

  /** Where it is to listen. */
  get place(): ListenerPlace {
    return this.config
  }

  /** Where it listens; null while it does not. */
  get listening(): ListenerPlace | null {
    return this.socket === null ? null : this.config
  }

  /** Takes one up again whose socket is still there although nobody named it any more; false where it has gone. */
  revive(config: Listener, headerBytes: number): boolean {
    if (this.socket?.revive?.() !== true) return false
    this.stopped = false
    this.update(config, headerBytes)
    return true
  }

  status(): ListenerStatus {
    const { id, address, port, protocol } = this.config
    const { failure } = this
    return {
      id,
      address,
      port,
      protocol,
      state: this.socket === null ? 'failed' : 'listening',
      reason: failure?.reason ?? null,
      code: failure?.code ?? null,
      holder: failure?.holder ?? null,
      connections: this.socket?.connectionCount ?? 0,
    }
  }

  private get traits(): ListenerTraits {
    return { id: this.config.id, headerBytes: this.headerBytes, proxyProtocol: this.config.proxyProtocol }
  }

  private become(failure: BindFailure | null): void {
    const news = failure?.reason !== this.failure?.reason || failure === null
    this.failure = failure
    if (news && !this.stopped) this.options.onChange(this.status())
  }
}

/** Who has a UDP port is not looked up. */
const nobodyKnown: HolderOf = () => Promise.resolve(null)
