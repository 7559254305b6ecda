import type { Address } from '../../contract/address'
import { dateOf, elapsed, type Moment, wallTime } from '../../contract/clock'
import type { EngineEvents } from '../../contract/events'
import type { CompiledService, Snapshot } from '../world/snapshot'
import { AutoBlocks } from './auto-blocks'
import { clientKey } from '../access/client-key'
import type { Interfaces } from '../access/interfaces'
import { RecentClients } from './recent-clients'
import { RefusalCounts } from './refusal-counts'
import { SignIns } from './sign-ins'
import { TokenBuckets } from './token-buckets'

/** What is remembered of clients beyond one request: counts, limits, blocks. It survives reloads. */
export class AccessGate {
  readonly blocks: AutoBlocks
  readonly recent = new RecentClients()
  /** Those whose address anybody may have written: many made-up ones must not make the others forgotten. */
  readonly recentForgeable = new RecentClients()
  readonly signIns = new SignIns()
  /** By the place in the block list of a snapshot, under what it says. */
  private readonly blocked = new Map<string, number>()
  private readonly counts = new Map<string, RefusalCounts>()
  private readonly buckets = new Map<string, TokenBuckets>()
  private snapshot: Snapshot

  constructor(snapshot: Snapshot, interfaces: Interfaces, tell: (event: EngineEvents['access']) => void) {
    this.snapshot = snapshot
    this.blocks = new AutoBlocks({
      isSpared: (address) => interfaces.isOwn(address) || this.isAllowedByName(address, wallTime()),
      onChange: (kind, { address, endsAt, reason }) => tell({ at: wallTime(), kind, address, until: dateOf(endsAt), reason }),
    })
  }

  /** Follows a new snapshot: limits are taken over, what belongs to services that are gone is forgotten. */
  follow(snapshot: Snapshot): void {
    this.snapshot = snapshot
    if (!snapshot.settings.autoBlock.enabled) this.blocks.clear()
    for (const id of this.counts.keys()) if (!snapshot.services.has(id)) this.counts.delete(id)
    for (const id of this.buckets.keys()) if (snapshot.services.get(id)?.config.rateLimit === undefined) this.buckets.delete(id)
    for (const [id, { config }] of snapshot.services) if (config.rateLimit !== undefined) this.bucketsOf(id).update(config.rateLimit)
  }

  countsOf(service: string): RefusalCounts {
    const known = this.counts.get(service)
    if (known !== undefined) return known
    const counts = new RefusalCounts()
    this.counts.set(service, counts)
    return counts
  }

  /** Whether the whole gateway is closed to a client now, by its lists or for what the client did. */
  isBlocked(client: Address | null, now: Moment): boolean {
    return this.snapshot.blocked.find(client, now.at) !== -1 || this.blocks.find(client, now.elapsed) !== null
  }

  /** How often entries of the block list have refused somebody; those that have not are left out. */
  get blockedCounts(): ReadonlyMap<string, number> {
    return this.blocked
  }

  countBlocked(from: string): void {
    this.blocked.set(from, (this.blocked.get(from) ?? 0) + 1)
  }

  /** How long the client has to wait for its next request to the service, in ms; 0: not at all. */
  waitFor({ id, config }: CompiledService, client: Address | null): number {
    return config.rateLimit === undefined || client === null ? 0 : this.bucketsOf(id).take(clientKey(client), elapsed())
  }

  /** Counts something the client was refused for. */
  strike(client: Address | null, text: string, now: number): void {
    this.blocks.strike(client, text, now, this.snapshot.settings.autoBlock)
  }

  private bucketsOf(service: string): TokenBuckets {
    const known = this.buckets.get(service)
    if (known !== undefined) return known
    const buckets = new TokenBuckets()
    this.buckets.set(service, buckets)
    return buckets
  }

  private isAllowedByName(address: Address, at: number): boolean {
    for (const { access, config } of this.snapshot.services.values()) {
      const rule = config.enabled ? access.ruleFor(address, at) : null
      if (rule?.action === 'allow' && rule.from !== 'anyone') return true
    }
    return false
  }
}
