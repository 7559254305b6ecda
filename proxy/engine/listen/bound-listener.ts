import type { Listener } from '../../contract/config/listener'
import type { ListenerStatus } from '../../contract/status'
import { explainBindFailure, type BindFailure, type HolderOf } from './bind-failure'
import type { ClientConnection } from './client-connection'
import { HttpListener, type HttpListenerOptions, type ListenerTraits } from './http-listener'

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 15_000

export interface BoundListenerOptions extends Omit<HttpListenerOptions, 'port'> {
  readonly holderOf: HolderOf
  readonly onChange: (status: ListenerStatus) => void
}

/** One configured listener: its socket while it can be had, else the reason and the next try. */
export class BoundListener {
  private config: Listener
  private headerBytes: number
  private readonly options: BoundListenerOptions
  private http: HttpListener | null = null
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
    this.http?.update(this.traits)
  }

  /** Tries to have the port; where it cannot be had, goes on trying in the background. Who has it is told by `explained`. */
  async open(): Promise<void> {
    const { address, port } = this.config
    const http = new HttpListener(this.traits, { ...this.options, port })
    const error = await bind(http, address, port)
    if (this.stopped) return void http.drain()
    if (error !== null) {
      this.explained = this.explain(error)
      return
    }
    this.http = http
    this.http.update(this.traits)
    this.become(null)
  }

  private async explain(error: NodeJS.ErrnoException): Promise<void> {
    const { address, port } = this.config
    const failure = await explainBindFailure(error, address, port, this.options.holderOf)
    if (this.stopped) return
    this.become(failure)
    this.timer = setTimeout(() => void this.open(), this.delay)
    this.delay = Math.min(this.delay * 2, LAST_RETRY_MS)
  }

  /** Stops accepting. Resolves when its last connection has ended. */
  async drain(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    await this.http?.drain()
  }

  cut(): void {
    this.http?.cut()
  }

  end(isUnwanted: (connection: ClientConnection) => boolean): number {
    return this.http?.end(isUnwanted) ?? 0
  }

  status(): ListenerStatus {
    const { id, address, port, protocol } = this.config
    const { failure } = this
    return { id, address, port, protocol, state: this.http === null ? 'failed' : 'listening', reason: failure?.reason ?? null, code: failure?.code ?? null, holder: failure?.holder ?? null, connections: this.http?.connectionCount ?? 0 }
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

/** Node's own dual-stack sockets: `::` takes IPv4 too. */
function bind({ server }: HttpListener, address: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve)
    server.listen({ host: address, port, exclusive: true, backlog: 4096 }, () => {
      server.removeListener('error', resolve)
      // An error of a listening socket (too many open files) costs a connection, not the process.
      server.on('error', () => undefined)
      resolve(null)
    })
  })
}
