import { randomBytes } from 'node:crypto'

/** A reference by which an error page is found in the request log: short enough to be read out, too many to collide. */
export function newReference(): string {
  return randomBytes(6).toString('hex')
}
