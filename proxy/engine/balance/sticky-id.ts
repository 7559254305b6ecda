import { createHash } from 'node:crypto'

/** What a visitor's cookie says of its backend: the same after every restart, and nothing of where the backend is. */
export function stickyId(service: string, backend: string): string {
  return createHash('sha256').update(`${service}\0${backend}`).digest('hex').slice(0, 16)
}
