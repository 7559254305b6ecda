import type { Listener } from '../contract/config/listener'
import { HttpListener, type HttpHandlers } from './serve/http-listener'
import type { TcpPortOptions } from './edge/tcp-port'
import type { ListenerTraits, PortSocket } from './edge/port-socket'
import { DatagramListener } from './stream/datagram-listener'
import { StreamListener } from './stream/stream-listener'
import type { StreamParts } from './stream/stream-parts'

export interface ListenerParts extends HttpHandlers, Omit<TcpPortOptions, 'port'> {
  readonly streams: StreamParts
}

/** Makes the socket of a listener, of the kind that its protocol asks for. */
export function makeListener(parts: ListenerParts): (listener: Listener, traits: ListenerTraits) => PortSocket {
  return ({ protocol, port }, traits) => {
    const options = { ...parts, port }
    if (protocol === 'udp') return new DatagramListener(traits, options)
    return protocol === 'tcp' ? new StreamListener(traits, options) : new HttpListener(traits, options)
  }
}
