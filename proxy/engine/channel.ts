import type { Frame, Transport } from '../contract/rpc/transport'

/** What Electron's utility process gives its code instead of `process.send`. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value
}

/**
 * The one channel to the host: Electron's `parentPort` in a utility process, else the channel of `fork`; null where the
 * engine was started by neither. It closes with the parent.
 */
export function openChannel(): Transport | null {
  const port = 'parentPort' in process ? process.parentPort : undefined
  if (isParentPort(port)) return utilityProcess(port)
  return process.send === undefined ? null : forked()
}

/** A utility process ends with its parent by itself, so there is no close to hear. */
function utilityProcess(port: ParentPort): Transport {
  return {
    send: (frame: Frame) => port.postMessage(frame),
    onFrame: (listener) => void port.on('message', ({ data }) => listener(data)),
    onClose: () => undefined,
  }
}

function forked(): Transport {
  return {
    // A send that finds the parent gone fails; `disconnect` tells of it.
    send: (frame: Frame) => void (process.connected && process.send?.(frame, undefined, undefined, () => undefined)),
    onFrame: (listener) => void process.on('message', listener),
    onClose: (listener) => void process.on('disconnect', listener),
  }
}
