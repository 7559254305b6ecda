import type { Socket } from 'node:net'
import type { Standing } from '../edge/standing'
import type { Intake } from '../intake/intake'
import { TcpPort, type TcpPortOptions } from '../edge/tcp-port'
import { StreamConnection, type StreamHome } from './stream-connection'
import type { StreamParts } from './stream-parts'

/** One TCP port whose bytes are passed on as they come. */
export class StreamListener extends TcpPort<StreamConnection, TcpPortOptions & { readonly streams: StreamParts }> implements StreamHome {
  get streams(): StreamParts {
    return this.options.streams
  }

  protected override adopt(socket: Socket, _: Intake, standing: Standing, early: Buffer): StreamConnection {
    return new StreamConnection(socket, standing, early, this)
  }
}
