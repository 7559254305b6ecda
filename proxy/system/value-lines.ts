import type { Socket } from 'node:net'

/** JSON values between two processes, one a line. */
export interface ValueLines {
  /** Gives false where the other side does not read: what waits for it is `most` bytes, and the channel has been cut. */
  send(value: unknown): boolean
  /** Hears each value; replaces who heard before. A line that is no JSON cuts the channel. */
  onValue(listener: (value: unknown) => void): void
  onClose(listener: () => void): void
  /** Ends it, once what was sent has gone out. */
  end(): void
  /** Breaks it off. */
  cut(): void
}

export interface LineBounds {
  /** Characters that may wait to be sent: a process that is stopped must not fill the memory of the one that tells it things. */
  readonly waiting: number
  /** Characters of one line. */
  readonly line: number
}

/** Speaks lines over a socket. */
export function valueLines(socket: Socket, bounds: () => LineBounds): ValueLines {
  let hear: ((value: unknown) => void) | null = null
  /** The beginning of a line that is still coming, in the pieces that came. */
  let pieces: string[] = []
  let held = 0
  socket.setEncoding('utf8')
  // What broke is told by `close`, which follows.
  socket.on('error', () => undefined)
  socket.on('data', (text: string) => {
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = pieces.length === 0 ? text.slice(from, end) : [...pieces, text.slice(from, end)].join('')
      pieces = []
      held = 0
      from = end + 1
      const value = parse(line)
      if (value === undefined) socket.destroy()
      else hear?.(value)
      if (socket.destroyed) return
    }
    if (from === text.length) return
    pieces.push(from === 0 ? text : text.slice(from))
    held += text.length - from
    if (held > bounds().line) socket.destroy()
  })
  return {
    send(value) {
      if (socket.destroyed || socket.writableEnded) return false
      socket.write(`${JSON.stringify(value)}\n`)
      if (socket.writableLength <= bounds().waiting) return true
      socket.destroy()
      return false
    },
    onValue: (listener) => {
      hear = listener
    },
    onClose: (listener) => void socket.once('close', listener),
    end: () => void socket.end(),
    cut: () => void socket.destroy(),
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // no peer of ours writes that
  }
}
