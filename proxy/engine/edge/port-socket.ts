import type { Address } from '../../contract/address'

/** What of a listener can be edited while its socket stays. */
export interface ListenerTraits {
  readonly id: string
  readonly headerBytes: number
  /** Whether each connection begins with a PROXY header. */
  readonly proxyProtocol: boolean
}

/** Whatever runs for a client: requests of its connection, a stream, a session of datagrams. */
export interface Runner {
  /** Why its client should be there no longer, as things are now; null: it may go on. */
  whyUnwelcome(now: number): string | null
  /** Whether something of it runs on this backend. */
  runsOn(service: string, backend: string): boolean
}

/** A client that is there. `pipeline`: null before its first request. */
export interface OpenConnection {
  readonly pipeline: Runner | null
  readonly peerAddress: Address | null
}

/** Why the gateway ends a client's connection, for the log; null: it does not. */
export type ReasonToEnd = (connection: OpenConnection) => string | null

/** One port that is had, whatever is spoken on it. */
export interface PortSocket {
  readonly connectionCount: number
  /** Takes the port; answers why where it cannot be had. */
  bind(address: string, port: number): Promise<NodeJS.ErrnoException | null>
  update(traits: ListenerTraits): void
  /** Ends each for which there is a reason; gives how many. */
  end(why: ReasonToEnd): number
  /** Takes no new clients. Resolves when the last one has gone. */
  drain(): Promise<void>
  /** Takes new clients again, if its port has not been let go; absent where draining lets it go at once. */
  revive?(): boolean
  /** Cuts every client off. */
  cut(reason: string): void
}
