import { createHmac, randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto'
import type { BasicAuth } from '../../contract/config/access'
import { parsePasswordHash, type PasswordHash } from '../../contract/password-hash'

/** A verified password is taken without another computation for so long. */
const KNOWN_FOR_MS = 5 * 60_000
const MAX_KNOWN = 1_000
/** Longer ones are nobody's, and not computed with: a head may be a megabyte. */
const MAX_PASSWORD = 4_096
/** Stands for the salt and the key of a user that is not there, or whose hash is of another cost. */
const DECOY = { salt: Buffer.alloc(16).toString('base64'), key: Buffer.alloc(32).toString('base64') }

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

/** How a key is made of a password: scrypt, as Node has it. */
export type Derive = (
  password: string,
  salt: Buffer,
  length: number,
  options: ScryptOptions,
  done: (error: Error | null, key: Buffer) => void,
) => void

/**
 * Checks passwords against their scrypt hashes. Every check of a service does the same work, whoever is named: the time to
 * answer does not tell which users there are (as in OpenSSH, CVE-2016-6210). How many are computed at once is up to `SignIns`.
 */
export class Passwords {
  /** Until when what was verified is taken, of `elapsed`, by a keyed hash of hash and password: nothing here says what the password is. */
  private readonly known = new Map<string, number>()
  private readonly secret = randomBytes(32)
  private readonly derive: Derive

  constructor(derive: Derive = scrypt) {
    this.derive = derive
  }

  /** Whether these credentials were verified lately; needs no computation. `now` of `elapsed`, as below. */
  isKnown(users: BasicAuth['users'], credentials: Credentials, now: number): boolean {
    return this.knownUntil(users, credentials) > now
  }

  /** Whether they were right at some time: not enough to let anybody in, but to be looked at before strangers' are. */
  isFamiliar(users: BasicAuth['users'], credentials: Credentials): boolean {
    return this.knownUntil(users, credentials) > 0
  }

  check(users: BasicAuth['users'], { user, password }: Credentials, now: number, done: (right: boolean) => void): void {
    if (isTooLong(password)) return done(false)
    const hash = users.find(({ name }) => name === user)?.hash
    this.work(tasksOf(users, hash), password, false, (right) => {
      const good = right && hash !== undefined
      if (good) this.remember(this.fingerprint(hash, password), now)
      done(good)
    })
  }

  private knownUntil(users: BasicAuth['users'], { user, password }: Credentials): number {
    if (isTooLong(password)) return 0
    const hash = users.find(({ name }) => name === user)?.hash
    const until = this.known.get(this.fingerprint(hash ?? DECOY.key, password)) ?? 0
    return hash === undefined ? 0 : until
  }

  /** One after the other, all of them, also behind one that was right. */
  private work([task, ...rest]: readonly Task[], password: string, right: boolean, done: (right: boolean) => void): void {
    if (task === undefined) return done(right)
    const { cost, blockSize, parallel, salt, key, counts } = task
    const wanted = Buffer.from(key, 'base64')
    const options = { N: cost, r: blockSize, p: parallel, maxmem: 256 * cost * blockSize + 1024 ** 2 }
    this.derive(password, Buffer.from(salt, 'base64'), wanted.length, options, (error, made) => {
      const same = error === null && timingSafeEqual(made, wanted)
      this.work(rest, password, right || (same && counts), done)
    })
  }

  private fingerprint(hash: string, password: string): string {
    return createHmac('sha256', this.secret).update(hash).update('\0').update(password).digest('base64')
  }

  private remember(fingerprint: string, now: number): void {
    this.known.delete(fingerprint)
    for (const [oldest] of this.known) {
      if (this.known.size < MAX_KNOWN) break
      this.known.delete(oldest)
    }
    this.known.set(fingerprint, now + KNOWN_FOR_MS)
  }
}

interface Task extends PasswordHash {
  /** Whether it is the named user's own hash. */
  readonly counts: boolean
}

/**
 * What a check computes: one key for each cost that a user of the service has, with the named user's salt where the cost is
 * its own. Hashes of several costs would otherwise tell users from each other, and from nobody.
 */
function tasksOf(users: BasicAuth['users'], own: string | undefined): Task[] {
  const named = own === undefined ? null : parsePasswordHash(own)
  const tasks = new Map<string, Task>()
  for (const { hash } of users) {
    const parsed = parsePasswordHash(hash)
    if (parsed === null || tasks.has(costOf(parsed))) continue
    const isOwn = named !== null && costOf(named) === costOf(parsed)
    tasks.set(costOf(parsed), isOwn ? { ...named, counts: true } : { ...parsed, ...DECOY, counts: false })
  }
  return [...tasks.values()]
}

function costOf({ cost, blockSize, parallel }: PasswordHash): string {
  return `${cost} ${blockSize} ${parallel}`
}

function isTooLong(password: string): boolean {
  return password.length > MAX_PASSWORD
}
