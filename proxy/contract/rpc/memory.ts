import type { Frame, Transport } from './transport'

/** Two ends of a channel within one process, for tests and for work on the interface without an engine. */
export function memoryPair(): { a: Transport; b: Transport; close(): void } {
  const a = end()
  const b = end()
  return {
    a: { send: b.receive, onFrame: a.onFrame, onClose: a.onClose },
    b: { send: a.receive, onFrame: b.onFrame, onClose: b.onClose },
    close() {
      a.close()
      b.close()
    },
  }
}

function end() {
  const frames: ((frame: unknown) => void)[] = []
  const closes: (() => void)[] = []
  return {
    receive: (frame: Frame) => void Promise.resolve().then(() => frames.forEach((listener) => listener(throughJson(frame)))),
    onFrame: (listener: (frame: unknown) => void) => void frames.push(listener),
    onClose: (listener: () => void) => void closes.push(listener),
    close: () => closes.forEach((listener) => listener()),
  }
}

/** What JSON keeps of a value, so that a test sees what another process would. */
function throughJson(frame: Frame): unknown {
  return JSON.parse(JSON.stringify(frame))
}
