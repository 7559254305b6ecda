/** A stored password, taken apart. Salt and key in base64. */
export interface PasswordHash {
  /** Cost, block size and parallelism of scrypt (RFC 7914 §2). */
  readonly cost: number
  readonly blockSize: number
  readonly parallel: number
  readonly salt: string
  readonly key: string
}

/** What one check may take: `128 · N · r` bytes (RFC 7914 §2). A hash that asks for more would let its file stop the gateway. */
const MAX_BYTES = 256 * 1024 ** 2

/** Takes `scrypt$N$r$p$salt$key` apart; null where the text is none, or asks for more than a check may take. */
export function parsePasswordHash(text: string): PasswordHash | null {
  const match = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,2})\$([A-Za-z0-9+/_-]{10,128}={0,2})\$([A-Za-z0-9+/_-]{20,128}={0,2})$/.exec(text)
  const [, n, r, p, salt = '', key = ''] = match ?? []
  const [cost, blockSize, parallel] = [Number(n), Number(r), Number(p)]
  if (match === null || cost < 1_024 || (cost & (cost - 1)) !== 0 || blockSize < 1 || parallel < 1 || parallel > 16) return null
  return 128 * cost * blockSize > MAX_BYTES ? null : { cost, blockSize, parallel, salt, key }
}

export function isPasswordHash(text: string): boolean {
  return parsePasswordHash(text) !== null
}
