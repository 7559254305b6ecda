/** A connection that has not said yet who its client is, or what it wants. */
export interface Handshake {
  /** Whom it counts for; null: a trusted proxy, which stands for many. */
  readonly handshakeOf: bigint | null
  /** Closes it: another needs its place. */
  giveWay(): void
}

export type HandshakeLimit = 'handshakes' | 'handshakesPerClient'

export interface HandshakesOptions {
  readonly most: () => Readonly<Record<HandshakeLimit, number>>
  readonly onFull: (limit: HandshakeLimit, handshake: Handshake) => void
}

/**
 * All connections of which nothing is known yet: those before their PROXY header, their TLS hello, or their first whole
 * request. They cost whoever opens them nothing, so there are only so many, of one client and in all. A newcomer is let in
 * always, and the longest silent one gives way: an honest client says at once what it wants.
 */
export class Handshakes {
  private readonly all = new Set<Handshake>()
  private readonly ofClients = new Map<bigint, Set<Handshake>>()
  private readonly options: HandshakesOptions

  constructor(options: HandshakesOptions) {
    this.options = options
  }

  get size(): number {
    return this.all.size
  }

  enter(handshake: Handshake): void {
    const { handshakeOf } = handshake
    const { handshakes, handshakesPerClient } = this.options.most()
    const own = handshakeOf === null ? undefined : this.ofClients.get(handshakeOf)
    if (own !== undefined && own.size >= handshakesPerClient) this.oust(own, 'handshakesPerClient')
    if (this.all.size >= handshakes) this.oust(this.all, 'handshakes')
    this.all.add(handshake)
    if (handshakeOf === null) return
    const present = this.ofClients.get(handshakeOf)
    if (present === undefined) this.ofClients.set(handshakeOf, new Set([handshake]))
    else present.add(handshake)
  }

  /** It has said what it wants, or is gone; one that is not there is none of these. */
  leave(handshake: Handshake): void {
    if (!this.all.delete(handshake) || handshake.handshakeOf === null) return
    const own = this.ofClients.get(handshake.handshakeOf)
    own?.delete(handshake)
    if (own?.size === 0) this.ofClients.delete(handshake.handshakeOf)
  }

  private oust(among: ReadonlySet<Handshake>, limit: HandshakeLimit): void {
    for (const oldest of among) {
      this.leave(oldest)
      this.options.onFull(limit, oldest)
      return oldest.giveWay()
    }
  }
}
