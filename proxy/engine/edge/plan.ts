import type { Listener } from '../../contract/config/listener'

/** What has to happen to the sockets for one set of listeners to become another. */
export interface ListenerPlan {
  /** Same protocol, address and port: the socket and its connections stay, whatever the id. */
  readonly keep: readonly Listener[]
  readonly open: readonly Listener[]
  /** Bind keys of sockets that nobody names any more. */
  readonly close: readonly string[]
}

/** Where a listener has its socket. */
export type ListenerPlace = Pick<Listener, 'protocol' | 'address' | 'port'>

/** Whether two sockets may stand in each other's way, being on one port of one transport. */
export function sharePort(one: ListenerPlace, other: ListenerPlace): boolean {
  return one.port === other.port && (one.protocol === 'udp') === (other.protocol === 'udp')
}

/** What makes a listener the same socket. */
export function bindKey({ protocol, address, port }: ListenerPlace): string {
  return `${protocol} ${address} ${port}`
}

/** Compares the sockets that are open or tried with the listeners that are wanted. */
export function planListeners(present: Iterable<string>, wanted: readonly Listener[]): ListenerPlan {
  const known = new Set(present)
  const named = new Set(wanted.map(bindKey))
  return {
    keep: wanted.filter((listener) => known.has(bindKey(listener))),
    open: wanted.filter((listener) => !known.has(bindKey(listener))),
    close: [...known].filter((key) => !named.has(key)),
  }
}
