/** As much as the system is asked for at once. */
const SIZE = 65_536

/**
 * The one buffer that connections read into: what comes is looked at, and sent on or copied, before the next read. A
 * buffer of its own for each read, as Node's streams have it, cost a fifth of all requests per second.
 */
export const SHARED = Buffer.allocUnsafeSlow(SIZE)

/** Less than this part of a buffer is copied: by reference a few bytes would keep all of it in memory. */
const WORTH_KEEPING = 4

/** Bytes of a read that are needed after it: a copy where the next read would overwrite them, else by reference. */
export function keepBytes(buffer: Buffer, from: number, to: number): Buffer {
  const bytes = buffer.subarray(from, to)
  return buffer === SHARED || bytes.length * WORTH_KEEPING < bytes.buffer.byteLength ? Buffer.from(bytes) : bytes
}

/**
 * The buffer for the next read of a connection whose last one brought `size` bytes. One that is sent much gets fresh ones,
 * each for one read, so that its bytes go on by reference.
 */
export function nextBuffer(size: number): Buffer<ArrayBuffer> {
  return size < SIZE / 2 ? SHARED : Buffer.allocUnsafeSlow(SIZE)
}
