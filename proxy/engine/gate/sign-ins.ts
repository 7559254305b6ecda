import type { Address } from '../../contract/address'
import { elapsed } from '../../contract/clock'
import type { BasicAuth } from '../../contract/config/access'
import { clientKey } from '../access/client-key'
import { type Credentials, Passwords } from './passwords'
import { SignInLine, type SignInTry, type Verdict } from './sign-in-line'
import { Strikes } from './strikes'

/** So many failed sign-ins within a minute, and the client has to wait until that minute is over. */
const FAILURES = 5
const WINDOW_MS = 60_000
/** Computed at once; more wait, so that a flood of sign-ins leaves threads for names and files. */
const MAX_AT_ONCE = 2
/** Clients that have signed in before, of whom the first are forgotten beyond so many. */
const MAX_FRIENDS = 10_000
/** Stands for a client whose address is not known. */
const NOBODY = -1n

/**
 * Who may try a password, and when. A try counts from the moment it is looked at, not from when it has failed: guesses that
 * come at once are as few as those that come in turn. Who has to wait does so behind clients that signed in before, and
 * beside strangers in turn, however many tries each of them sends.
 */
export class SignIns {
  private readonly passwords: Passwords
  private readonly failures = new Strikes()
  private readonly friends = new Set<bigint>()
  private readonly line: SignInLine
  /** What is computed now. */
  private readonly running = new Set<SignInTry>()

  constructor(passwords = new Passwords()) {
    this.passwords = passwords
    this.line = new SignInLine((client) => (this.friends.has(client) ? 0 : this.failuresOf(client) === 0 ? 1 : 2))
  }

  /** How long the client has to wait before it may try another password, in ms; 0: not at all. */
  waitFor(client: Address | null, now: number): number {
    if (client === null) return 0
    const { count, until } = this.failures.of(clientKey(client), now)
    return count >= FAILURES ? until - now : 0
  }

  /**
   * Whether the credentials were verified lately. It does not look where the client has as many tries under way as it may
   * fail: a right guess would otherwise be told from the wrong ones beside it at once, and be none of those that count.
   */
  isKnown(users: BasicAuth['users'], credentials: Credentials, client: Address | null, now: number): boolean {
    const key = client === null ? NOBODY : clientKey(client)
    if (this.failuresOf(key, now) + this.runningOf(key) + this.line.countOf(key) >= FAILURES) return false
    return this.passwords.isKnown(users, credentials, now)
  }

  /** Looks at credentials when their turn has come; `done` is called once, unless what is given back is called first. */
  check(users: BasicAuth['users'], credentials: Credentials, client: Address | null, done: (verdict: Verdict) => void): () => void {
    const key = client === null ? NOBODY : clientKey(client)
    const same = this.line.find(key, users, credentials) ?? this.findRunning(key, users, credentials)
    const trial = same ?? {
      client: key,
      users,
      credentials,
      isFamiliar: this.passwords.isFamiliar(users, credentials),
      asked: new Set<(verdict: Verdict) => void>(),
    }
    trial.asked.add(done)
    if (same === null) {
      const left = this.line.add(trial)
      if (left !== null) settle(left, 'busy')
      this.next()
    }
    return () => {
      trial.asked.delete(done)
      if (trial.asked.size === 0) this.line.remove(trial)
    }
  }

  private next(): void {
    while (this.running.size < MAX_AT_ONCE) {
      const trial = this.line.take((client) => this.failuresOf(client) >= FAILURES || this.mayTry(client))
      if (trial === null) return
      const now = elapsed()
      if (this.failuresOf(trial.client, now) >= FAILURES) settle(trial, 'later')
      else if (this.passwords.isKnown(trial.users, trial.credentials, now)) settle(trial, 'right')
      else this.compute(trial, now)
    }
  }

  private compute(trial: SignInTry, now: number): void {
    this.running.add(trial)
    this.passwords.check(trial.users, trial.credentials, now, (right) => {
      this.running.delete(trial)
      if (right) this.befriend(trial.client)
      // Whoever has left meanwhile has guessed all the same.
      else if (trial.client !== NOBODY) this.failures.add(trial.client, elapsed(), WINDOW_MS)
      settle(trial, right ? 'right' : 'wrong')
      this.next()
    })
  }

  private mayTry(client: bigint): boolean {
    return this.failuresOf(client) + this.runningOf(client) < FAILURES
  }

  private failuresOf(client: bigint, now = elapsed()): number {
    return this.failures.of(client, now).count
  }

  private runningOf(client: bigint): number {
    let count = 0
    for (const trial of this.running) if (trial.client === client) count += 1
    return count
  }

  private findRunning(client: bigint, users: BasicAuth['users'], { user, password }: Credentials): SignInTry | null {
    for (const trial of this.running)
      if (trial.client === client && trial.users === users && trial.credentials.user === user && trial.credentials.password === password)
        return trial
    return null
  }

  private befriend(client: bigint): void {
    if (client === NOBODY) return
    this.friends.delete(client)
    for (const oldest of this.friends) {
      if (this.friends.size < MAX_FRIENDS) break
      this.friends.delete(oldest)
    }
    this.friends.add(client)
  }
}

function settle({ asked }: SignInTry, verdict: Verdict): void {
  for (const done of asked) done(verdict)
}
