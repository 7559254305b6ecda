import { networkInterfaces } from 'node:os'
import { parseAddress, parseRange, type Address, type AddressRange } from '../../contract/address'
import { askSystem, steadily } from '../../system/steady'
import { rangeSet, type RangeSet } from './range-set'

const REFRESH_MS = 3_000
const MAX_SETS = 16

/** The machine's own addresses and the subnets they lie in, as they are now. */
export interface Interfaces {
  /** `this-network`: every subnet of every interface, loopback included. */
  readonly networks: RangeSet
  /** The subnets of interfaces by their names. */
  named(names: readonly string[]): RangeSet
  /** Whether the address is one of this machine's own. */
  isOwn(address: Address): boolean
  /** Counts up when any of this changes. */
  readonly version: number
}

const NONE = rangeSet([])
const LOOPBACK = ['127.0.0.0/8', '::1'].flatMap((text) => parseRange(text) ?? [])

/** Follows the machine's network interfaces: a laptop changes its network, a cable is plugged in. */
export class InterfaceWatch implements Interfaces {
  networks: RangeSet = rangeSet([])
  version = 0
  private own: RangeSet = rangeSet(LOOPBACK)
  private byName: ReadonlyMap<string, readonly AddressRange[]> = new Map()
  /** By the very list of names that a snapshot holds: a request must not join them. */
  private readonly sets = new Map<readonly string[], RangeSet>()
  private seen = ''
  private readonly timer: NodeJS.Timeout
  private readonly read: typeof networkInterfaces

  constructor(read: typeof networkInterfaces = networkInterfaces) {
    this.read = read
    this.refresh()
    this.timer = steadily(() => this.refresh(), REFRESH_MS)
  }

  named(names: readonly string[]): RangeSet {
    if (names.length === 0) return NONE
    const known = this.sets.get(names)
    if (known !== undefined) return known
    const set = rangeSet(names.flatMap((name) => this.byName.get(name) ?? []))
    if (this.sets.size >= MAX_SETS) this.sets.clear()
    this.sets.set(names, set)
    return set
  }

  isOwn(address: Address): boolean {
    return this.own.has(address)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private refresh(): void {
    // The system opens a socket to tell them. Where it cannot just now, nothing has changed as far as is known.
    const interfaces = askSystem(this.read, null)
    if (interfaces === null) return
    const named = Object.entries(interfaces).map(([name, list]) => [name, (list ?? []).flatMap((entry) => entry.cidr ?? [])] as const)
    const blocks = named.flatMap(([, cidrs]) => cidrs)
    const seen = JSON.stringify(named)
    if (seen === this.seen) return
    this.seen = seen
    this.version += 1
    this.byName = new Map(named.map(([name, cidrs]) => [name, cidrs.flatMap((block) => parseRange(block) ?? [])]))
    this.sets.clear()
    this.networks = rangeSet(blocks.flatMap((block) => parseRange(block) ?? []))
    this.own = rangeSet([...LOOPBACK, ...blocks.flatMap(ownAddress)])
  }
}

function ownAddress(block: string): AddressRange[] {
  const address = parseAddress(block.replace(/\/\d+$/, ''))
  return address ? [{ family: address.family, first: address.value, last: address.value }] : []
}
