import type { Socket } from 'node:net'
import { BUFFERS, type Holder } from '../../intake/buffers'
import { keepBytes } from '../../intake/read-buffer'

/** Up to this size bytes are copied beside the text before them: one plain write costs less than a vector of three. */
const COPY_BELOW = 4_096

/**
 * What is written on a connection in one go: texts and small pieces are joined to one write, large pieces follow by
 * reference in the same vector. Nothing is sent before `flush`.
 */
export class Outlet implements Holder {
  private readonly socket: Socket
  /** What waits, in this order: a large piece alone, then text. */
  private piece: Buffer | null = null
  private text = ''
  private corked = false

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** Whether so much waits to be sent that the source has to pause; `drain` tells when it is gone. */
  get full(): boolean {
    // Where less waits than a stream itself takes without a word, nobody would tell when it is gone.
    return this.socket.writableNeedDrain && BUFFERS.isFull(this)
  }

  /** What the system has not taken yet. */
  get waiting(): number {
    return this.socket.destroyed ? 0 : this.socket.writableLength
  }

  /** Adds bytes written as latin1. */
  put(text: string): void {
    this.text = this.text === '' ? text : this.text + text
  }

  /** Adds the ranges of a buffer (from, to, …). */
  pass(buffer: Buffer, ranges: readonly number[]): void {
    for (let index = 0; index + 1 < ranges.length; index += 2) {
      const from = ranges[index] ?? 0
      const to = ranges[index + 1] ?? 0
      if (to - from <= COPY_BELOW) this.text += buffer.toString('latin1', from, to)
      else this.reference(keepBytes(buffer, from, to))
    }
    // A body in thousands of tiny chunks is no reason to grow a string.
    if (this.text.length > 4 * COPY_BELOW) this.writeOut()
  }

  /** Adds the ranges as one chunk (RFC 9112 §7.1). */
  passChunk(buffer: Buffer, ranges: readonly number[], size: number): void {
    if (size === 0) return
    this.put(`${size.toString(16)}\r\n`)
    this.pass(buffer, ranges)
    this.put('\r\n')
  }

  flush(): void {
    if (this.piece !== null && this.text !== '') this.cork()
    this.writeOut()
    if (this.corked) {
      this.corked = false
      this.socket.uncork()
    }
    if (this.socket.writableLength > 0) BUFFERS.note(this)
  }

  private reference(piece: Buffer): void {
    // The first of several: from here on they go out as one vector.
    if (this.piece !== null || this.text !== '') {
      this.cork()
      this.writeOut()
    }
    this.piece = piece
  }

  private writeOut(): void {
    const { piece, text } = this
    this.piece = null
    this.text = ''
    if (piece !== null) this.socket.write(piece)
    if (text !== '') this.socket.write(text, 'latin1')
  }

  private cork(): void {
    if (this.corked) return
    this.corked = true
    this.socket.cork()
  }
}
