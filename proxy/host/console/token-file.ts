import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { writeFileAtomic } from '../store/atomic-file'
import { errorCode, systemWords } from '../store/system-words'

/** The name of the file, in the data directory, whose content scripts send as their bearer token. */
export const TOKEN_FILE = 'console-token'

/**
 * The token of the automation API: made once, 32 random bytes, readable by its owner alone. On a disk that cannot be written
 * it is good for this run, and nobody can read it.
 */
export function readOrCreateToken(dataDirectory: string, log: (line: string) => void): string {
  const file = path.join(dataDirectory, TOKEN_FILE)
  try {
    const token = readFileSync(file, 'utf8').trim()
    if (/^[\w-]{43}$/.test(token)) {
      makePrivate(file)
      return token
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  const token = randomBytes(32).toString('base64url')
  try {
    writeFileAtomic(file, `${token}\n`)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    log(`console: the token cannot be kept in ${file}: ${systemWords(error)}`)
  }
  return token
}

function makePrivate(file: string): void {
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
}
