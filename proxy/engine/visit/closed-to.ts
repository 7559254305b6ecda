import type { Address } from '../../contract/address'
import type { Moment } from '../../contract/clock'
import type { AccessGate } from '../gate/access-gate'
import type { CompiledService, Snapshot } from '../world/snapshot'

/** Answers that are remembered; beyond it all are found anew. */
const MOST_KNOWN = 4_096
/** Rules with an end change what they say by time alone; what was found is good for so long. */
const KNOWN_FOR_MS = 1_000

/** Tells clients that nothing on a listener lets in, whatever they ask for, when they connect: before they have cost anything. */
export class ClosedTo {
  private snapshot: Snapshot | null = null
  private version = -1
  private until = 0
  /** The services of each listener; null: one of them may let anybody in. */
  private readonly restricted = new Map<string, readonly CompiledService[] | null>()
  private readonly known = new Map<string, boolean>()

  /** `version`: that of the machine's own networks, by which rules may go. */
  isClosed(listener: string, address: Address, snapshot: Snapshot, gate: AccessGate, version: number, now: Moment): boolean {
    // Behind a trusted proxy stand clients of which its own address says nothing.
    if (snapshot.trustedProxies.has(address)) return false
    if (gate.isBlocked(address, now)) return true
    this.follow(snapshot, version, now.elapsed)
    const services = this.servicesOf(listener, snapshot)
    if (services === null) return false
    const key = `${listener} ${address.family} ${address.value}`
    const before = this.known.get(key)
    if (before !== undefined) return before
    const closed = services.every(({ access }) => access.decide(address, now.at) === 'deny')
    if (this.known.size >= MOST_KNOWN) this.known.clear()
    this.known.set(key, closed)
    return closed
  }

  /** `now` of `elapsed`. */
  private follow(snapshot: Snapshot, version: number, now: number): void {
    if (snapshot !== this.snapshot) this.restricted.clear()
    else if (version === this.version && (!snapshot.timed || now < this.until)) return
    this.snapshot = snapshot
    this.version = version
    this.until = now + KNOWN_FOR_MS
    this.known.clear()
  }

  private servicesOf(listener: string, { services }: Snapshot): readonly CompiledService[] | null {
    const known = this.restricted.get(listener)
    if (known !== undefined) return known
    const own = [...services.values()].filter(({ config, listeners }) => config.enabled && listeners.includes(listener))
    // Where nothing is served, everybody is told so alike.
    const found = own.length === 0 || own.some(letsAnybodyIn) ? null : own
    this.restricted.set(listener, found)
    return found
  }
}

/** A service without rules, one that only watches, or one where a password stands for the rules. */
function letsAnybodyIn({ config: { access, basicAuth }, access: { otherwise } }: CompiledService): boolean {
  if (access.mode === 'watch' || (access.satisfy === 'any' && basicAuth !== undefined)) return true
  return access.rules.length === 0 && otherwise === 'allow'
}
