import type { Address } from '../../contract/address'
import type { RangeSet } from '../access/range-set'

/** The part of a snapshot that says how many connections there may be. */
export interface ConnectionRules {
  readonly settings: {
    readonly closed: boolean
    readonly limits: { readonly connections: number; readonly connectionsPerClient: number }
    readonly timeouts: { readonly keepAlive: number }
  }
  readonly trustedProxies: RangeSet
}

/** Counts open connections of all listeners by client address. */
export class ConnectionLimits {
  private readonly clients = new Map<string, number>()
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

  /** Whether one more connection may come in; if so it counts until `leave`. A trusted proxy stands for many clients. */
  enter(peer: string, address: Address | null, openOnListener: number): boolean {
    const {
      settings: { closed, limits },
      trustedProxies,
    } = this.rules
    if (closed) return false
    const open = this.clients.get(peer) ?? 0
    if (address === null || openOnListener >= limits.connections) return false
    if (open >= limits.connectionsPerClient && !trustedProxies.has(address)) return false
    this.clients.set(peer, open + 1)
    return true
  }

  /** Whether what this peer says of its clients is believed. */
  isTrusted(address: Address): boolean {
    return this.rules.trustedProxies.has(address)
  }

  leave(peer: string): void {
    const open = this.clients.get(peer) ?? 0
    if (open <= 1) this.clients.delete(peer)
    else this.clients.set(peer, open - 1)
  }
}
