import type { Listener } from '../../contract/config/listener'
import type { EndingName } from '../../contract/endings'
import type { ListenerStatus } from '../../contract/status'
import { plainAddress, parseAddress } from '../../contract/address'
import type { Interfaces } from '../access/interfaces'
import { bindKey, planListeners, sharePort } from './plan'
import { BoundListener, type BoundListenerOptions } from './bound-listener'
import type { ReasonToEnd } from './port-socket'

/** Before the end of a drain: how long idle connections have from the word of their end to the cut of all. */
const IDLE_MS = 1_000

/** All listeners of the gateway, by protocol, address and port. */
export class ListenerSet {
  private readonly bound = new Map<string, BoundListener>()
  /** Each with its key. */
  private readonly draining = new Map<BoundListener, string>()
  private readonly options: BoundListenerOptions

  constructor(options: BoundListenerOptions) {
    this.options = options
  }

  /**
   * Opens what is new. A port that cannot be had marks its own listener and nothing else. A socket that is about to go and
   * has the wanted port on another address is released first, or the gateway would stand in its own way.
   */
  async open(wanted: readonly Listener[], headerBytes: number): Promise<void> {
    const plan = planListeners(this.bound.keys(), wanted)
    const inTheWay = plan.close.filter((key) => {
      const place = this.bound.get(key)?.place
      return place !== undefined && plan.open.some((listener) => sharePort(listener, place))
    })
    for (const key of inTheWay) this.release(key)
    await this.clear(plan.open)
    if (inTheWay.length > 0) await new Promise((resolve) => void setImmediate(resolve))
    await Promise.all(
      plan.open.map((listener) => {
        const key = bindKey(listener)
        const revived = this.revive(key, listener, headerBytes)
        const entry = revived ?? new BoundListener(listener, headerBytes, this.options)
        this.bound.set(key, entry)
        return revived === null ? entry.open() : Promise.resolve()
      }),
    )
  }

  /**
   * Follows the swap, in the same turn: sockets that stay take over edited ids, which an earlier request would not be
   * matched by; those that nobody names any more take no new connections, and their running requests end undisturbed.
   */
  settle(wanted: readonly Listener[], headerBytes: number): void {
    const plan = planListeners(this.bound.keys(), wanted)
    for (const listener of plan.keep) this.bound.get(bindKey(listener))?.update(listener, headerBytes)
    for (const key of plan.close) this.release(key)
  }

  /** For documents that open and close none: another engine has the ports. */
  readonly asTheyAre = {
    open: (): Promise<void> => Promise.resolve(),
    settle: (): void => undefined,
    explained: (): Promise<void> => Promise.resolve(),
    status: (): ListenerStatus[] => this.status(),
  }

  /** Resolves when every listener that failed can say why. */
  async explained(): Promise<void> {
    await Promise.all([...this.bound.values()].map((entry) => entry.explained))
  }

  /** The ports that are open, as another engine can be given them, by the key of their listener. */
  handles(): [string, NonNullable<BoundListener['handle']>][] {
    return [...this.bound].flatMap(([key, { handle }]) => (handle === null ? [] : [[key, handle]]))
  }

  /** Lets go of everything, to a successor or for good; after `timeout` ms what still runs is cut, within `around`. */
  async drain(timeout: number, around: (cut: () => void) => void, successor = false): Promise<void> {
    for (const key of this.bound.keys()) this.release(key, successor)
    // Those that are idle are told in good order, and first: a request that is on its way on one is better answered than cut.
    const idle = setTimeout(() => this.draining.forEach((_, entry) => entry.closeIdle()), Math.max(0, timeout - IDLE_MS))
    const late = setTimeout(() => around(() => this.draining.forEach((_, entry) => entry.cut('the gateway was stopped'))), timeout)
    await Promise.all([...this.draining.keys()].map((entry) => entry.drain(successor)))
    clearTimeout(idle)
    clearTimeout(late)
  }

  /** Ends the connections for which there is a reason, those of listeners that are going included; gives the reasons. */
  end(why: ReasonToEnd): EndingName[] {
    return this.everyone().flatMap((entry) => entry.end(why))
  }

  /** How many of them there is a reason to end. */
  countUnwelcome(why: ReasonToEnd): number {
    return this.everyone().reduce((sum, entry) => sum + entry.countUnwelcome(why), 0)
  }

  /** Closes connections that have nothing to lose; gives how many. */
  giveWay(): number {
    let closed = 0
    for (const entry of [...this.draining.keys(), ...this.bound.values()]) closed += entry.giveWay()
    return closed
  }

  status(): ListenerStatus[] {
    return [...this.bound.values()].map((entry) => entry.status())
  }

  /** Whether a connection to this address and port ends at one of these listeners. */
  isOwn(address: string, port: number, interfaces: Interfaces, transport: 'tcp' | 'udp' = 'tcp'): boolean {
    const to = parseAddress(plainAddress(address))
    if (to === null) return false
    return [...this.bound.values()].some(({ listening: listener }) => {
      if (listener === null || listener.port !== port || (listener.protocol === 'udp') !== (transport === 'udp')) return false
      const bound = parseAddress(listener.address)
      if (bound?.value === 0n) return (bound.family === 6 || to.family === 4) && interfaces.isOwn(to)
      return bound?.family === to.family && bound.value === to.value
    })
  }

  private everyone(): BoundListener[] {
    return [...this.bound.values(), ...this.draining.keys()]
  }

  /** A socket of datagrams keeps its port while clients are still served: named again, it goes on as it was. */
  private revive(key: string, listener: Listener, headerBytes: number): BoundListener | null {
    for (const [entry, known] of this.draining) {
      if (known !== key || !entry.revive(listener, headerBytes)) continue
      this.draining.delete(entry)
      return entry
    }
    return null
  }

  /** Datagram sockets that drain keep their port: where another address of it is wanted, their last clients have to come anew. */
  private async clear(wanted: readonly Listener[]): Promise<void> {
    const old = [...this.draining.keys()].filter(
      ({ place }) =>
        place.protocol === 'udp' &&
        wanted.some((listener) => sharePort(listener, place)) &&
        !wanted.some((listener) => bindKey(listener) === bindKey(place)),
    )
    for (const entry of old) entry.cut('its port was moved')
    await Promise.all(old.map((entry) => entry.drain()))
  }

  private release(key: string, successor = false): void {
    const entry = this.bound.get(key)
    if (!entry) return
    this.bound.delete(key)
    this.draining.set(entry, key)
    void entry.drain(successor).then(() => this.draining.delete(entry))
  }
}
