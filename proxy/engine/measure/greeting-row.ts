import type { Measures } from './measures'

/** The row of a connection that was closed since it did not begin as a trusted proxy's does: otherwise nobody would see why. */
export function tellGreeting({ ring }: Measures, ref: string, peer: string, reason: string): void {
  ring.add({
    ref,
    at: Date.now(),
    client: peer,
    method: 'TCP',
    host: '',
    path: '',
    service: null,
    backend: null,
    status: 0,
    error: 'AR_REFUSED',
    reason: `${peer}: ${reason}`,
    rule: null,
    endedBy: 'gateway',
    duration: 0,
    bytesIn: 0,
    bytesOut: 0,
    attempts: 0,
  })
}
