import type { Socket as DatagramSocket } from 'node:dgram'
import type { Server } from 'node:net'
import type { Address } from '../../contract/address'
import type { EndingName } from '../../contract/endings'
import type { InheritedPort } from './inherited'

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
  whyUnwelcome(): EndingName | null
  /** Whether something of it runs on this backend. */
  runsOn(service: string, backend: string): boolean
}

/** A client that is there. `pipeline`: null before its first request. */
export interface OpenConnection {
  readonly pipeline: Runner | null
  readonly peerAddress: Address | null
}

/** Why the gateway ends a client's connection; null: it does not. */
export type ReasonToEnd = (connection: OpenConnection) => EndingName | null

/** One port that is had, whatever is spoken on it. */
export interface PortSocket {
  readonly connectionCount: number
  /** Takes the port, where it was handed over from there; answers why where it cannot be had. */
  bind(address: string, port: number, inherited: InheritedPort | null): Promise<NodeJS.ErrnoException | null>
  /** What another engine can be given of it; null while it has no port. */
  readonly handle: Server | DatagramSocket | null
  update(traits: ListenerTraits): void
  /** Ends each for which there is a reason; gives the reasons. */
  end(why: ReasonToEnd): EndingName[]
  /** How many there is a reason to end. */
  countUnwelcome(why: ReasonToEnd): number
  /** Takes no new clients. `successor`: another engine has the same port and takes them. Resolves when the last one has gone. */
  drain(successor?: boolean): Promise<void>
  /** Closes some of those that have nothing to lose; gives how many. Absent where clients have no descriptors of their own. */
  giveWay?(): number
  /** Takes new clients again, if its port has not been let go; absent where draining lets it go at once. */
  revive?(): boolean
  /** Closes connections that wait for a request; absent where there are none. */
  closeIdle?(): void
  /** Cuts every client off. */
  cut(reason: string): void
}
