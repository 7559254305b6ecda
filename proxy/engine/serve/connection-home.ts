import type { Glimpse } from '../http/wire/glimpse'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { TimerWheel } from '../time/timer-wheel'
import type { BodySink } from '../visit/exchange'
import type { HeadFault } from './head-fault'
import type { Runner } from '../edge/port-socket'

/** What a connection needs of its listener. */
export interface ClientConnectionHome<Connection> {
  /** The listener's id, as it is now. */
  readonly id: string
  readonly port: number
  readonly headerBytes: number
  /** How long a connection may wait for its next request, in ms. */
  readonly keepAliveMs: number
  readonly draining: boolean
  /** It drains for a successor that serves already: there is time for the next request of whoever was promised one. */
  readonly patient: boolean
  readonly wheel: TimerWheel
  onRequest(connection: Connection, head: RequestHead): void
  /** What came is no request; answers it. */
  onFault(connection: Connection, fault: HeadFault, came: Glimpse): void
  /** A fault of ours broke off what was done for it: ends that, and the connection. `sink` gives back what it holds. */
  onBroken(connection: Connection, sink: BodySink | null): string | null
  onClosed(connection: Connection): void
}

/** Whoever runs the requests of a connection. */
export interface RequestRunner extends Runner {
  run(head: RequestHead): void
  /** A fault of ours broke the present request off: ends it, and gives its reference. `sink` gives back what it holds. */
  broken(sink: BodySink | null): string | null
  /** The connection is gone. */
  close(): void
}
