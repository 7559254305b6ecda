import { ChunkedDecoder, type Sender } from './chunked-decoder'
import type { Framing } from './field-lines'

/**
 * Reads a body of any framing as it comes and tells which bytes are its own, as `ChunkedDecoder` does. One reader serves one
 * message after the other on a connection.
 */
export class BodyReader {
  /** Pairs of offsets into the buffer of the last push. */
  readonly ranges: number[]
  /** Bytes in them. */
  size = 0
  /** The first byte of the buffer that is no longer the body's. */
  position = 0
  private framing: Framing = 'none'
  private left = 0
  private readonly decoder: ChunkedDecoder

  constructor(sender: Sender) {
    this.decoder = new ChunkedDecoder(sender)
    this.ranges = this.decoder.ranges
  }

  /** Trailer fields, once a chunked body is done. */
  get trailers(): readonly string[] {
    return this.decoder.trailers
  }

  /** After `bad`: what is wrong, for the log. */
  get fault(): string {
    return this.decoder.fault
  }

  /** How many bytes are still to come; infinite where only its end will tell. */
  get remaining(): number {
    return this.framing === 'length' ? this.left : this.framing === 'none' ? 0 : Number.POSITIVE_INFINITY
  }

  begin(framing: Framing, length: number): void {
    this.framing = framing
    this.left = length
    if (framing === 'chunked' || this.decoder.trailers.length > 0) this.decoder.reset()
    this.size = 0
  }

  /** `done`: the body ended before `position`. A body until the end of the connection is never done by itself. */
  push(buffer: Buffer, start: number, end: number): 'more' | 'done' | 'bad' {
    if (this.framing === 'chunked') {
      const verdict = this.decoder.push(buffer, start, end)
      this.size = this.decoder.size
      this.position = this.decoder.position
      return verdict
    }
    const size = this.framing === 'close' ? end - start : Math.min(this.left, end - start)
    this.setRange(start, start + size)
    this.size = size
    this.position = start + size
    if (this.framing === 'close') return 'more'
    this.left -= size
    return this.left === 0 ? 'done' : 'more'
  }

  /** One range, in the array as it is: to shorten and refill it for each piece costs a store of its own each time. */
  private setRange(from: number, to: number): void {
    if (from === to) this.ranges.length = 0
    else {
      if (this.ranges.length > 2) this.ranges.length = 2
      this.ranges[0] = from
      this.ranges[1] = to
    }
  }
}
