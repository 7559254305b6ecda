import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const LINK_LIFE_MS = 15 * 60_000
/** Older links stop working when newer ones are made. */
const LINKS = 8
const SESSIONS = 100

/**
 * Who may use the console: holders of the token, and of session keys, which a one-time link is exchanged for. Only hashes
 * are kept, all of one length, so that comparing tells nothing by its time.
 */
export class Sessions {
  readonly #token: Buffer
  #links: { readonly hash: Buffer; readonly until: number }[] = []
  #keys: Buffer[] = []

  constructor(
    token: string,
    private readonly elapsed: () => number,
  ) {
    this.#token = digest(token)
  }

  /** A secret that is good for one sign-in within the next 15 minutes. */
  createLinkToken(): string {
    const token = secret()
    this.#links = [...this.#links, { hash: digest(token), until: this.elapsed() + LINK_LIFE_MS }].slice(-LINKS)
    return token
  }

  /** Exchanges a link's secret for a session key; null where it was used, is too old, or never was. */
  signIn(token: string): string | null {
    const hash = digest(token)
    const link = this.#links.find((candidate) => timingSafeEqual(candidate.hash, hash))
    if (!link) return null
    this.#links = this.#links.filter((candidate) => candidate !== link)
    if (link.until < this.elapsed()) return null
    const key = secret()
    this.#keys = [...this.#keys, digest(key)].slice(-SESSIONS)
    return key
  }

  /** Whether an Authorization header names the token or a session key. */
  admits(authorization: string | undefined): boolean {
    const given = /^Bearer ([\w-]{1,200})$/i.exec(authorization ?? '')?.[1]
    if (given === undefined) return false
    const hash = digest(given)
    return [this.#token, ...this.#keys].reduce((found, known) => timingSafeEqual(known, hash) || found, false)
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
