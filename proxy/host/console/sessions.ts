import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ConsoleSession } from '../../contract/calls/sessions'

/** Long enough to open it, short enough that nobody finds a good one in a log or on a screen. */
const LINK_LIFE_MS = 5 * 60_000
/** Older links stop working when newer ones are made. */
const LINKS = 8
/** Beyond so many sessions the one that has been quiet longest ends. */
const SESSIONS = 100
/** A session ends when it was not used for so long, and after so long in any case (OWASP, Session Management: idle and absolute). */
const IDLE_MS = 12 * 3_600_000
const LIFE_MS = 7 * 24 * 3_600_000
/** What a browser calls itself is shown, cut. */
const BROWSER = 200

interface Session {
  readonly id: string
  readonly hash: Buffer
  readonly browser: string
  /** Epoch ms. */
  readonly since: number
  /** Of the clock that never jumps. */
  readonly began: number
  used: number
  readonly onEnd: Set<() => void>
}

export interface SessionClocks {
  /** For spans: never jumps, in ms. */
  readonly elapsed: () => number
  /** For what people read: epoch ms. */
  readonly wallTime: () => number
}

/**
 * Who may use the console: holders of the token, and of session keys, which a one-time link is exchanged for. Only hashes
 * are kept, all of one length, so that comparing tells nothing by its time.
 */
export class Sessions {
  readonly #token: Buffer
  readonly #clocks: SessionClocks
  #links: { readonly hash: Buffer; readonly until: number }[] = []
  #sessions: Session[] = []

  constructor(token: string, clocks: SessionClocks) {
    this.#token = digest(token)
    this.#clocks = clocks
  }

  /** A secret that is good for one sign-in within the next five minutes. */
  createLinkToken(): string {
    const token = secret()
    this.#links = [...this.#links, { hash: digest(token), until: this.#clocks.elapsed() + LINK_LIFE_MS }].slice(-LINKS)
    return token
  }

  /** Exchanges a link's secret for a session key; null where it was used, is too old, or never was. */
  signIn(token: string, browser = ''): string | null {
    const hash = digest(token)
    const link = this.#links.find((candidate) => timingSafeEqual(candidate.hash, hash))
    if (!link) return null
    this.#links = this.#links.filter((candidate) => candidate !== link)
    const now = this.#clocks.elapsed()
    if (link.until < now) return null
    this.endOld()
    while (this.#sessions.length >= SESSIONS) this.#end(this.#sessions.toSorted((a, b) => a.used - b.used)[0])
    const key = secret()
    this.#sessions.push({
      id: randomBytes(8).toString('hex'),
      hash: digest(key),
      browser: browser.slice(0, BROWSER),
      since: this.#clocks.wallTime(),
      began: now,
      used: now,
      onEnd: new Set(),
    })
    return key
  }

  /** Whether an Authorization header names the token or a session key, which then is in use. */
  admits(authorization: string | undefined): boolean {
    const hash = hashOf(authorization)
    if (hash === null) return false
    this.endOld()
    const session = this.#find(hash)
    if (session !== null) session.used = this.#clocks.elapsed()
    return timingSafeEqual(this.#token, hash) || session !== null
  }

  /** Hears when the session of an Authorization header ends; null where it names none. Gives what stops hearing. */
  onEnd(authorization: string | undefined, listener: () => void): (() => void) | null {
    const hash = hashOf(authorization)
    const session = hash === null ? null : this.#find(hash)
    session?.onEnd.add(listener)
    return session === null ? null : () => void session.onEnd.delete(listener)
  }

  /** Those that are good now, newest first. */
  list(): ConsoleSession[] {
    this.endOld()
    const now = this.#clocks.elapsed()
    const date = this.#clocks.wallTime()
    return this.#sessions.toReversed().map(({ id, browser, since, began, used }) => ({
      id,
      browser,
      since,
      lastUsed: Math.round(date - (now - used)),
      until: Math.round(date + Math.min(used + IDLE_MS, began + LIFE_MS) - now),
    }))
  }

  /** Ends one; whether it was there. */
  revoke(id: string): boolean {
    const session = this.#sessions.find((candidate) => candidate.id === id)
    this.#end(session)
    return session !== undefined
  }

  /** Ends all, and every link that was not used; says how many sessions there were. */
  revokeAll(): number {
    this.#links = []
    this.endOld()
    const all = [...this.#sessions]
    for (const session of all) this.#end(session)
    return all.length
  }

  /** Ends what is over; called by whatever looks, and from time to time where streams stay open. */
  endOld(): void {
    const now = this.#clocks.elapsed()
    for (const session of this.#sessions) if (now >= session.used + IDLE_MS || now >= session.began + LIFE_MS) this.#end(session)
  }

  #end(session: Session | undefined): void {
    if (session === undefined) return
    this.#sessions = this.#sessions.filter((candidate) => candidate !== session)
    for (const listener of session.onEnd) listener()
  }

  #find(hash: Buffer): Session | null {
    return this.#sessions.reduce<Session | null>((found, session) => (timingSafeEqual(session.hash, hash) ? session : found), null)
  }
}

function hashOf(authorization: string | undefined): Buffer | null {
  const given = /^Bearer ([\w-]{1,200})$/i.exec(authorization ?? '')?.[1]
  return given === undefined ? null : digest(given)
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
