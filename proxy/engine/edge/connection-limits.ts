import type { Address } from '../../contract/address'
import { clientKey } from '../access/client-key'
import type { HandshakeLimit } from './handshakes'
import type { RangeSet } from '../access/range-set'

/** The part of a snapshot that says how many connections there may be. */
export interface ConnectionRules {
  readonly settings: {
    readonly closed: boolean
    readonly limits: {
      readonly connections: number
      readonly connectionsPerClient: number
      readonly handshakes?: number | undefined
      readonly handshakesPerClient?: number | undefined
    }
    readonly timeouts: { readonly keepAlive: number }
  }
  readonly trustedProxies: RangeSet
}

/** Why a connection may not come in. */
export type NoEntry = 'closed' | 'no-address' | 'connections' | 'connectionsPerClient' | 'descriptors' | 'refusedConnections'

/** Counts open connections of all listeners by client: its address, or its IPv6 network. Of datagrams there are none: their senders can be forged. */
export class ConnectionLimits {
  private readonly clients = new Map<bigint, number>()
  private rules: ConnectionRules

  constructor(rules: ConnectionRules) {
    this.rules = rules
  }

  update(rules: ConnectionRules): void {
    this.rules = rules
  }

  /** How long a connection may wait for its next request, in ms. */
  get keepAlive(): number {
    return this.rules.settings.timeouts.keepAlive
  }

  /** Whether nobody at all may come in. */
  get isClosed(): boolean {
    return this.rules.settings.closed
  }

  /** So many there may be on one listener, and so many of one client: connections, and apart from them sessions of datagrams. */
  get most(): ConnectionRules['settings']['limits'] {
    return this.rules.settings.limits
  }

  /** So many may not have said yet what they want. */
  get mostHandshakes(): Readonly<Record<HandshakeLimit, number>> {
    const { connections, connectionsPerClient, handshakes = connections, handshakesPerClient = connectionsPerClient } = this.most
    return { handshakes, handshakesPerClient }
  }

  /** Null where one more connection may come in; it counts until `leave`. A trusted proxy stands for many clients. */
  enter(address: Address | null, openOnListener: number): NoEntry | null {
    const {
      settings: { closed, limits },
      trustedProxies,
    } = this.rules
    if (closed) return 'closed'
    if (address === null) return 'no-address'
    const client = clientKey(address)
    const open = this.clients.get(client) ?? 0
    if (openOnListener >= limits.connections) return 'connections'
    if (open >= limits.connectionsPerClient && !trustedProxies.has(address)) return 'connectionsPerClient'
    this.clients.set(client, open + 1)
    return null
  }

  /** Whether what this peer says of its clients is believed. */
  isTrusted(address: Address): boolean {
    return this.rules.trustedProxies.has(address)
  }

  leave(address: Address | null): void {
    if (address === null) return
    const client = clientKey(address)
    const open = this.clients.get(client) ?? 0
    if (open <= 1) this.clients.delete(client)
    else this.clients.set(client, open - 1)
  }
}
