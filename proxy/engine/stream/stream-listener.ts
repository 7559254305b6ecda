import type { Socket } from 'node:net'
import type { Address } from '../../contract/address'
import type { Intake } from '../intake/intake'
import { TcpPort, type TcpPortOptions } from '../edge/tcp-port'
import { StreamConnection, type StreamHome } from './stream-connection'
import type { StreamParts } from './stream-parts'

/** One TCP port whose bytes are passed on as they come. */
export class StreamListener extends TcpPort<StreamConnection, TcpPortOptions & { readonly streams: StreamParts }> implements StreamHome {
  get streams(): StreamParts {
    return this.options.streams
  }

  protected override adopt(socket: Socket, _: Intake, peer: string, address: Address | null, early: Buffer): StreamConnection {
    return new StreamConnection(socket, peer, address, early, this)
  }
}
