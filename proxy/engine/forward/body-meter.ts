import { Transform, type TransformCallback } from 'node:stream'

/** Passes a body on and counts it; cuts it off above a limit. */
export class BodyMeter extends Transform {
  private total = 0
  private readonly limit: number
  private readonly onBytes: (count: number) => void
  private readonly onTooLarge: () => void

  constructor(limit: number | undefined, onBytes: (count: number) => void, onTooLarge: () => void) {
    super()
    this.limit = limit ?? Number.POSITIVE_INFINITY
    this.onBytes = onBytes
    this.onTooLarge = onTooLarge
  }

  override _transform(chunk: Buffer, _: BufferEncoding, callback: TransformCallback): void {
    this.total += chunk.length
    this.onBytes(chunk.length)
    if (this.total <= this.limit) return callback(null, chunk)
    // The callback is not called: nothing more is taken, and the end never reaches the backend.
    this.onTooLarge()
  }
}
