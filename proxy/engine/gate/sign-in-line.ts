import type { BasicAuth } from '../../contract/config/access'
import type { Credentials } from './passwords'

/** So many tries wait at most: at some 100 ms each, two at once, the last waits a dozen seconds, which browsers do. */
const MAX_WAITING = 256
/** And so many of one client. */
const MAX_OF_ONE = 16
/** Each so many-th turn is that of those who would come last, so that nobody waits for ever. */
const TURNS = 4

/** `later`: the client has failed too often; `busy`: more passwords wait than can be looked at. */
export type Verdict = 'right' | 'wrong' | 'later' | 'busy'

/** Credentials to be looked at, and all requests of one client that brought the very same. */
export interface SignInTry {
  readonly client: bigint
  readonly users: BasicAuth['users']
  readonly credentials: Credentials
  /** Whether they were right before. */
  readonly isFamiliar: boolean
  readonly asked: Set<(verdict: Verdict) => void>
}

/**
 * The tries that wait: clients in turn, not tries, so that who sends many delays itself only (fair queueing, RFC 970 §4).
 * Clients of a better standing come first, and where the line is full, the longest queue of the worst loses its last.
 */
export class SignInLine {
  /** In the order in which clients have their turn. */
  private readonly queues = new Map<bigint, SignInTry[]>()
  private readonly standing: (client: bigint) => number
  private size = 0
  private turn = 0

  /** `standing`: 0 is the best. */
  constructor(standing: (client: bigint) => number) {
    this.standing = standing
  }

  countOf(client: bigint): number {
    return this.queues.get(client)?.length ?? 0
  }

  find(client: bigint, users: BasicAuth['users'], { user, password }: Credentials): SignInTry | null {
    const found = this.queues
      .get(client)
      ?.find((trial) => trial.users === users && trial.credentials.user === user && trial.credentials.password === password)
    return found ?? null
  }

  /** Adds a try; gives the one that has no place, perhaps this. */
  add(trial: SignInTry): SignInTry | null {
    const own = this.queues.get(trial.client) ?? []
    if (own.length >= MAX_OF_ONE) return trial
    const left = this.size < MAX_WAITING ? null : this.placeFor(trial, own.length)
    if (left === trial) return trial
    if (left !== null) this.remove(left)
    if (trial.isFamiliar) own.unshift(trial)
    else own.push(trial)
    this.queues.set(trial.client, own)
    this.size += 1
    return left
  }

  remove(trial: SignInTry): void {
    const queue = this.queues.get(trial.client) ?? []
    const at = queue.indexOf(trial)
    if (at === -1) return
    queue.splice(at, 1)
    this.size -= 1
    if (queue.length === 0) this.queues.delete(trial.client)
  }

  /** The next of a client who may try now. */
  take(may: (client: bigint) => boolean): SignInTry | null {
    this.turn = (this.turn + 1) % TURNS
    const sign = this.turn === 0 ? -1 : 1
    let next: { readonly trial: SignInTry; readonly rank: number } | null = null
    for (const [client, [trial]] of this.queues) {
      if (trial === undefined || !may(client)) continue
      const rank = sign * this.rankOf(trial)
      if (next === null || rank < next.rank) next = { trial, rank }
    }
    if (next === null) return null
    const { trial } = next
    this.remove(trial)
    const rest = this.queues.get(trial.client)
    if (rest !== undefined) {
      this.queues.delete(trial.client)
      this.queues.set(trial.client, rest)
    }
    return trial
  }

  /** The last of the longest queue of the worst standing; the new one itself where none is worse. */
  private placeFor(trial: SignInTry, own: number): SignInTry {
    let worst = { trial, rank: this.rankOf(trial), length: own + 1 }
    for (const queue of this.queues.values()) {
      const last = queue.at(-1)
      if (last === undefined) continue
      const rank = this.rankOf(last)
      if (rank > worst.rank || (rank === worst.rank && queue.length > worst.length)) worst = { trial: last, rank, length: queue.length }
    }
    return worst.trial
  }

  private rankOf({ client, isFamiliar }: SignInTry): number {
    return isFamiliar ? 0 : this.standing(client)
  }
}
