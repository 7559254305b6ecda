import { parseAddress, type Address } from '../../contract/address'
import type { HandedBlock } from '../../contract/blocks'
import { wallTime } from '../../contract/clock'
import type { Settings } from '../../contract/config/settings'
import { clientKey, clientName } from '../access/client-key'
import { Generations } from './generations'
import { Strikes } from './strikes'

/** So many last to their end in any case; of more, those go first that have not come again for longest. */
const BLOCKS = 50_000
/** Blocks that are over are looked for once in so long. */
const SWEEP_MS = 60_000

export interface AutoBlock {
  /** An IPv4 address, or an IPv6 network `/64`. */
  readonly address: string
  /** Epoch ms. */
  readonly since: number
  /** When it ends, of `elapsed`: neither sooner nor later because somebody sets the clock. */
  readonly endsAt: number
  readonly reason: string
  /** Requests and connections refused since. */
  refused: number
}

export interface AutoBlocksOptions {
  /** Whether this client is never blocked: it is of this machine, or a rule lets it in by name. */
  readonly isSpared: (address: Address) => boolean
  readonly onChange: (kind: 'blocked' | 'unblocked', block: AutoBlock) => void
}

/** Why a client is blocked, and that its neighbours are where it is. */
export function blockWords(client: string, { address, reason }: AutoBlock): string {
  return address === client ? `blocked for a while, ${reason}` : `its network ${address} is blocked for a while, ${reason}`
}

/** Clients that were refused again and again are blocked for a while. The host remembers those blocks for the next engine; strikes are of this run. */
export class AutoBlocks {
  private readonly strikes = new Strikes()
  private readonly blocks = new Generations<bigint, AutoBlock>(BLOCKS)
  private sweptAt = 0
  private readonly options: AutoBlocksOptions

  constructor(options: AutoBlocksOptions) {
    this.options = options
  }

  /** Counts a refusal or a failed sign-in; enough of them block the client. `now` of `elapsed`, here and below. */
  strike(address: Address | null, text: string, now: number, settings: Settings['autoBlock']): void {
    if (!settings.enabled || address === null) return
    const key = clientKey(address)
    if (this.blocks.get(key) !== undefined || this.strikes.add(key, now, settings.within) < settings.refusals) return
    this.strikes.forget(key)
    if (this.options.isSpared(address)) return
    const block = {
      address: clientName(text),
      since: wallTime(),
      endsAt: now + settings.for,
      reason: `refused ${settings.refusals} times within ${Math.round(settings.within / 1_000)} s`,
      refused: 0,
    }
    this.blocks.set(key, block)
    this.options.onChange('blocked', block)
  }

  /** The block of a client, or null. */
  find(address: Address | null, now: number): AutoBlock | null {
    if (address === null || this.blocks.count === 0) return null
    const key = clientKey(address)
    const block = this.blocks.get(key)
    if (block === undefined) return null
    // Neighbours in an IPv6 network share a block, but who must never be blocked is not blocked for their sake.
    if (now < block.endsAt) return address.family === 6 && this.options.isSpared(address) ? null : block
    this.blocks.delete(key)
    return null
  }

  /** Goes on with what an engine before this one has blocked; nobody is told of it again. */
  goOn(blocks: readonly HandedBlock[], now: number): void {
    for (const { address: text, since, rest, reason } of blocks) {
      // A block of IPv6 is one of a network `/64`.
      const address = parseAddress(text.replace(/\/64$/, ''))
      if (address === null) continue
      const key = clientKey(address)
      if (this.blocks.get(key) === undefined) this.blocks.set(key, { address: text, since, endsAt: now + rest, reason, refused: 0 })
    }
  }

  /** What the engine after this one would have to go on with. */
  toHand(now: number): HandedBlock[] {
    return this.list(now).map(({ address, since, endsAt, reason }) => ({ address, since, rest: endsAt - now, reason }))
  }

  /** Ends a client's block before its time. */
  end(address: Address, now: number): boolean {
    const key = clientKey(address)
    const block = this.blocks.get(key)
    this.blocks.delete(key)
    if (block === undefined || now >= block.endsAt) return false
    this.options.onChange('unblocked', block)
    return true
  }

  /** Forgets those that are over: most who were blocked never come again. To be called now and then. */
  forgetEnded(now: number): void {
    if (Math.abs(now - this.sweptAt) < SWEEP_MS) return
    this.sweptAt = now
    for (const [key, { endsAt }] of this.blocks.entries()) if (now >= endsAt) this.blocks.delete(key)
  }

  /** How many it keeps, the ended ones that were not looked for yet among them. */
  get size(): number {
    return this.blocks.count
  }

  /** Ends all, since they are switched off. */
  clear(): void {
    for (const [key, block] of this.blocks.entries()) {
      this.blocks.delete(key)
      this.options.onChange('unblocked', block)
    }
  }

  list(now: number): AutoBlock[] {
    return [...this.blocks.entries()].map(([, block]) => block).filter(({ endsAt }) => now < endsAt)
  }
}
