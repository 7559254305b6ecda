import { randomBytes, scrypt } from 'node:crypto'

/** OWASP's least for scrypt is N = 2^17; a gateway checks on every fresh sign-in, so that 2^15 (32 MB, some 80 ms) is what it takes. */
const COST = 32_768
const BLOCK_SIZE = 8
const PARALLEL = 1

/** The hash of a password as `basicAuth` takes it: `scrypt$N$r$p$salt$key` with a salt of its own (RFC 7914). */
export function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, { N: COST, r: BLOCK_SIZE, p: PARALLEL, maxmem: 256 * COST * BLOCK_SIZE }, (error, key) => {
      if (error) reject(error)
      else resolve(`scrypt$${COST}$${BLOCK_SIZE}$${PARALLEL}$${salt.toString('base64')}$${key.toString('base64')}`)
    })
  })
}
