import { randomFillSync } from 'node:crypto'

const LENGTH = 12
/** Random bytes are asked for, and written out, in bulk: a call for six costs as much as one for thousands. */
const pool = Buffer.alloc((LENGTH / 2) * 512)
let text = ''
let used = 0

/** A reference by which an error page is found in the request log: short enough to be read out, too many to collide. */
export function newReference(): string {
  if (used === text.length) {
    text = randomFillSync(pool).toString('hex')
    used = 0
  }
  used += LENGTH
  return text.slice(used - LENGTH, used)
}
