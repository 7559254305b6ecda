import { networkInterfaces } from 'node:os'
import { parseAddress, parseRange, type Address, type AddressRange } from '../../contract/address'
import { rangeSet, type RangeSet } from './range-set'

const REFRESH_MS = 3_000

/** The machine's own addresses and the subnets they lie in, as they are now. */
export interface Interfaces {
  /** `this-network`: every subnet of every interface, loopback included. */
  readonly networks: RangeSet
  /** Whether the address is one of this machine's own. */
  isOwn(address: Address): boolean
}

/** Follows the machine's network interfaces: a laptop changes its network, a cable is plugged in. */
export class InterfaceWatch implements Interfaces {
  networks: RangeSet = rangeSet([])
  private own: RangeSet = rangeSet([])
  private seen = ''
  private readonly timer: NodeJS.Timeout
  private readonly read: typeof networkInterfaces

  constructor(read: typeof networkInterfaces = networkInterfaces) {
    this.read = read
    this.refresh()
    this.timer = setInterval(() => this.refresh(), REFRESH_MS)
    this.timer.unref()
  }

  isOwn(address: Address): boolean {
    return this.own.has(address)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private refresh(): void {
    const blocks = Object.values(this.read()).flatMap((list) => (list ?? []).flatMap((entry) => entry.cidr ?? []))
    const seen = blocks.join(' ')
    if (seen === this.seen) return
    this.seen = seen
    this.networks = rangeSet(blocks.flatMap((block) => parseRange(block) ?? []))
    this.own = rangeSet([...LOOPBACK, ...blocks.flatMap(ownAddress)])
  }
}

const LOOPBACK = ['127.0.0.0/8', '::1'].flatMap((text) => parseRange(text) ?? [])

function ownAddress(block: string): AddressRange[] {
  const address = parseAddress(block.replace(/\/\d+$/, ''))
  return address ? [{ family: address.family, first: address.value, last: address.value }] : []
}
