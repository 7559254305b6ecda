import { Socket } from 'node:net'
import type { Intake } from '../../proxy/engine/intake/intake'
import { SHARED } from '../../proxy/engine/intake/read-buffer'

/** A socket that nothing comes of: what is read is fed by hand, what is written is dropped. */
export class SilentSocket extends Socket {
  override write(): boolean {
    return true
  }
  override end(): this {
    return this
  }
  override resume(): this {
    return this
  }
  override destroy(): this {
    return this
  }
}

/** Brings the pieces, one read each, as a connection brings them: in a buffer that is good for one call. */
export function feed(intake: Intake, pieces: readonly Buffer[]): void {
  for (const piece of pieces) {
    piece.copy(SHARED)
    intake.sink?.onBytes(SHARED, piece.length)
    // The next read overwrites it; what was needed longer had to be kept.
    SHARED.fill(0x58, 0, piece.length)
  }
}
