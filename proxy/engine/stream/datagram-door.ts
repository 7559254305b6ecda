import type { Address } from '../../contract/address'
import { Generations } from '../gate/generations'
import { parseRequestPath } from '../route/request-path'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import { guardAccess, guardGateway } from '../visit/guard'
import { countVisit, observe } from '../visit/observe'
import type { Refusal } from '../visit/refusal'
import { tellStranger } from '../visit/stranger'
import { Visit } from '../visit/visit'
import type { StreamParts } from './stream-parts'

/** What routers are asked for where there is no path. */
export const ROOT = parseRequestPath('/')
/** What a client sends is dropped unread for so long after it was refused. */
const REFUSED_MS = 5_000
/** So many are remembered as refused in any case; others are judged again, which costs little more. */
const REMEMBERED = 2_000
/** So many are told one by one in a while; where addresses are made up there is no end to them. */
const TOLD = 60
const TOLD_MS = 60_000

/**
 * Judges whose first datagram comes, before anything is made for it: whoever is refused takes no session, which an allowed
 * client would then want for. Of many that are refused the log is told in one row a minute.
 */
export class DatagramDoor {
  private readonly streams: StreamParts
  private readonly refused = new Generations<string, number>(REMEMBERED)
  /** Waits for the next client that is let in. */
  private visit: Visit | null = null
  private readonly timer: Timer
  private told = 0
  private more = 0

  constructor(streams: StreamParts, wheel: TimerWheel) {
    this.streams = streams
    this.timer = new Timer(wheel, () => this.tellMore())
  }

  /** Whether what this client sends is not even looked at. `now` in ms of `elapsed`. */
  isShut(key: string, now: number): boolean {
    const until = this.refused.get(key)
    return until !== undefined && now < until
  }

  /** A visit of its own for a client that may come in to the listener's service; null for any other. */
  enter(key: string, peer: string, address: Address, listener: string, now: number): Visit | null {
    const { streams } = this
    const visit = this.visit ?? new Visit(streams.world(), peer, address, true)
    visit.open(streams.world(), streams.newReference(), peer, address)
    const refusal = this.judge(visit, listener)
    this.visit = refusal === null ? null : visit
    if (refusal === null) return visit
    visit.refusal = refusal
    this.refused.set(key, now + REFUSED_MS)
    this.tell(visit)
    return null
  }

  /** What was refused may be let in now. */
  judgeAnew(): void {
    this.refused.clear()
  }

  /** The port is let go. */
  close(): void {
    this.timer.clear()
    this.tellMore()
  }

  private judge(visit: Visit, listener: string): Refusal | null {
    const { streams } = this
    const refusal = guardGateway(visit, streams.gate)
    if (refusal !== null) return refusal
    const found = ROOT === null ? undefined : visit.world.snapshot.routers.get(listener)?.find('', ROOT)
    if (found?.kind !== 'found') return { code: 'AR_NO_SERVICE', reason: 'no service is on this port' }
    visit.enter(found.target, streams.measures.service(found.target.id))
    return guardAccess(visit, streams.gate)
  }

  private tell(visit: Visit): void {
    const { measures } = this.streams
    if (this.told === 0) this.timer.set(TOLD_MS)
    if (this.told < TOLD) {
      this.told += 1
      return observe(visit, 'UDP', '', '', measures)
    }
    this.more += 1
    countVisit(visit, measures)
  }

  private tellMore(): void {
    const { more } = this
    this.told = 0
    this.more = 0
    if (more === 0) return
    const reason = `datagrams of ${more} more clients were refused within a minute; where they come from may be made up`
    tellStranger(this.streams, this.streams.newReference(), '', { method: 'UDP', host: '', path: '' }, { code: 'AR_REFUSED', reason })
  }
}
