import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { BasicAuth } from '../../contract/config/access'
import { parsePasswordHash } from '../../contract/password-hash'

/** A verified password is taken without another computation for so long. */
const KNOWN_FOR_MS = 5 * 60_000
const MAX_KNOWN = 1_000
/** Computed at once; more wait, so that a flood of sign-ins leaves threads for names and files. */
const MAX_AT_ONCE = 2
/** And so many may wait. */
const MAX_WAITING = 64
/** Compared with for a user that is not there, so that the time to answer does not tell who is. */
const NOBODY = `scrypt$16384$8$1$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(32).toString('base64')}`

/** What a client sends to sign in (RFC 7617). */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** Takes the value of an Authorization field apart; null where it is no Basic one. */
export function parseBasic(value: string): Credentials | null {
  const token = /^basic +([A-Za-z0-9+/_-]+=*)$/i.exec(value)?.[1]
  if (token === undefined) return null
  const text = Buffer.from(token, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Checks passwords against their scrypt hashes, a few at once, in constant time; `busy` where too many wait. */
export class Passwords {
  /** What was verified, as a keyed hash of hash and password: nothing here says what the password is. */
  private readonly known = new Map<string, number>()
  private readonly secret = randomBytes(32)
  private readonly waiting: (() => void)[] = []
  private running = 0

  /** Whether these credentials were verified lately; needs no waiting. */
  isKnown(users: BasicAuth['users'], { user, password }: Credentials, now: number): boolean {
    const hash = users.find(({ name }) => name === user)?.hash
    return hash !== undefined && (this.known.get(this.fingerprint(hash, password)) ?? 0) > now
  }

  check(
    users: BasicAuth['users'],
    { user, password }: Credentials,
    now: number,
    done: (verdict: 'right' | 'wrong' | 'busy') => void,
  ): void {
    const hash = users.find(({ name }) => name === user)?.hash
    if (this.waiting.length >= MAX_WAITING) return done('busy')
    const compute = (): void => {
      this.running += 1
      matches(hash ?? NOBODY, password, (right) => {
        this.running -= 1
        this.waiting.shift()?.()
        const good = right && hash !== undefined
        if (good) this.remember(this.fingerprint(hash, password), now)
        done(good ? 'right' : 'wrong')
      })
    }
    if (this.running < MAX_AT_ONCE) compute()
    else this.waiting.push(compute)
  }

  private fingerprint(hash: string, password: string): string {
    return createHmac('sha256', this.secret).update(hash).update('\0').update(password).digest('base64')
  }

  private remember(fingerprint: string, now: number): void {
    if (this.known.size >= MAX_KNOWN) this.known.clear()
    this.known.set(fingerprint, now + KNOWN_FOR_MS)
  }
}

function matches(text: string, password: string, done: (right: boolean) => void): void {
  const hash = parsePasswordHash(text)
  if (hash === null) return done(false)
  const wanted = Buffer.from(hash.key, 'base64')
  const options = { N: hash.cost, r: hash.blockSize, p: hash.parallel, maxmem: 256 * hash.cost * hash.blockSize + 1024 ** 2 }
  scrypt(password, Buffer.from(hash.salt, 'base64'), wanted.length, options, (error, key) =>
    done(error === null && timingSafeEqual(key, wanted)),
  )
}
