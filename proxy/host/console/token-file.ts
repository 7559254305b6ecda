import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { writeFileAtomic } from '../store/atomic-file'
import { errorCode } from '../store/system-words'

/** The name of the file, in the data directory, whose content scripts send as their bearer token. */
export const TOKEN_FILE = 'console-token'

/** The token of the automation API: made once, 32 random bytes, readable by its owner alone. */
export function readOrCreateToken(dataDirectory: string): string {
  const file = path.join(dataDirectory, TOKEN_FILE)
  try {
    const token = readFileSync(file, 'utf8').trim()
    if (/^[\w-]{43}$/.test(token)) {
      chmodSync(file, 0o600)
      return token
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  const token = randomBytes(32).toString('base64url')
  writeFileAtomic(file, `${token}\n`)
  return token
}
