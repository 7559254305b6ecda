import { randomFillSync } from 'node:crypto'

const BYTES = 6
/** Random bytes are asked for in bulk: a call for six costs as much as one for thousands. */
const pool = Buffer.alloc(BYTES * 512)
let used = pool.length

/** A reference by which an error page is found in the request log: short enough to be read out, too many to collide. */
export function newReference(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += BYTES
  return pool.toString('hex', used - BYTES, used)
}
