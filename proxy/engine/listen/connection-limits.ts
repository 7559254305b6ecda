import type { Address } from '../../contract/address'
import type { RangeSet } from '../access/range-set'

/** The part of a snapshot that says how many connections there may be. */
export interface ConnectionRules {
  readonly settings: { readonly limits: { readonly connections: number; readonly connectionsPerClient: number } }
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

  /** Whether one more connection may come in; if so it counts until `leave`. A trusted proxy stands for many clients. */
  enter(peer: string, address: Address | null, openOnListener: number): boolean {
    const { settings: { limits }, trustedProxies } = this.rules
    const open = this.clients.get(peer) ?? 0
    if (address === null || openOnListener >= limits.connections) return false
    if (open >= limits.connectionsPerClient && !trustedProxies.has(address)) return false
    this.clients.set(peer, open + 1)
    return true
  }

  leave(peer: string): void {
    const open = this.clients.get(peer) ?? 0
    if (open <= 1) this.clients.delete(peer)
    else this.clients.set(peer, open - 1)
  }
}
