import { Socket } from 'node:net'
import type { Intake } from './intake'

/** How Node itself keeps what `onread` of `net.connect` was given (lib/net.js, since v12.10): there is no such option for accepted connections. */
interface Internals {
  readonly buffer: symbol
  readonly generator: symbol
  readonly callback: symbol
}

interface ReadHandle {
  useUserBuffer(buffer: Uint8Array): void
}

const internals = findInternals()

/** Whether accepted connections can be read without a buffer of their own for each read, as far as this version of Node goes. */
export const canReadInto = internals !== null

/**
 * Has an accepted connection, which must not read yet (`pauseOnConnect`), read into the intake's buffers. Where this
 * version of Node keeps things otherwise, it reads as ever: slower by a fifth, and no less right.
 */
export function readInto(socket: Socket, intake: Intake): void {
  const handle: unknown = Reflect.get(socket, '_handle')
  if (internals === null || !isReadHandle(handle)) return intake.listen(socket)
  intake.socket = socket
  const buffer = intake.onread.buffer()
  Reflect.set(socket, internals.buffer, buffer)
  Reflect.set(socket, internals.generator, intake.onread.buffer)
  Reflect.set(socket, internals.callback, intake.onread.callback)
  handle.useUserBuffer(buffer)
}

function findInternals(): Internals | null {
  const symbols = Object.getOwnPropertySymbols(new Socket())
  const named = (name: string): symbol | undefined => symbols.find(({ description }) => description === name)
  const [buffer, generator, callback] = [named('kBuffer'), named('kBufferGen'), named('kBufferCb')]
  return buffer === undefined || generator === undefined || callback === undefined ? null : { buffer, generator, callback }
}

function isReadHandle(handle: unknown): handle is ReadHandle {
  return typeof handle === 'object' && handle !== null && 'useUserBuffer' in handle && typeof handle.useUserBuffer === 'function'
}
