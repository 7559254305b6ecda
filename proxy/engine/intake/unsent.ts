import type { Socket } from 'node:net'

/**
 * What of a connection's writes the system has not taken yet, in a measure that changes whenever it takes some: a write of
 * many bytes is told when all of it is gone, which at a few KB/s takes minutes, so what is left of the one under way counts
 * too. Node goes by the same for its own time-outs (lib/net.js, `_onTimeout`).
 */
export function unsent(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle')
  const underWay = typeof handle === 'object' && handle !== null && 'writeQueueSize' in handle ? handle.writeQueueSize : 0
  return socket.writableLength + (typeof underWay === 'number' ? underWay : 0)
}

/** Tells a side that takes what it is sent, however slowly, from one that takes nothing. */
export class Progress {
  private left = 0

  /** So much waits to be taken when the wait begins. */
  begin(left: number): void {
    this.left = left
  }

  /** Whether some of it has been taken since the last look. */
  isMade(left: number): boolean {
    const before = this.left
    this.left = left
    return left > 0 && left !== before
  }
}
