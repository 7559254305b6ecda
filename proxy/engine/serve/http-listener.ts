import type { Socket } from 'node:net'
import type { ErrorCode } from '../../contract/errors'
import type { Glimpse } from '../http/wire/glimpse'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { Standing } from '../edge/standing'
import { type Intake, take } from '../intake/intake'
import { ClientConnection } from './client-connection'
import type { ClientConnectionHome } from './connection-home'
import type { BodySink } from '../visit/exchange'
import type { HeadFault } from './head-fault'
import { TcpPort, type TcpPortOptions } from '../edge/tcp-port'

/** What is done with what HTTP clients send. */
export interface HttpHandlers {
  readonly onRequest: (connection: ClientConnection, head: RequestHead) => void
  /** What came is no request; answers it. */
  readonly onFault: (connection: ClientConnection, code: ErrorCode, reason: string, came: Glimpse) => void
}

const CODES = {
  malformed: 'AR_BAD_REQUEST',
  version: 'AR_VERSION_REFUSED',
  'too-long': 'AR_TARGET_TOO_LONG',
  'too-large': 'AR_HEAD_TOO_LARGE',
  'too-slow': 'AR_REQUEST_TIMEOUT',
} satisfies Record<HeadFault['kind'], ErrorCode>

/** One port that speaks HTTP/1.1 to clients. It knows connections and messages, nothing of services. */
export class HttpListener
  extends TcpPort<ClientConnection, TcpPortOptions & HttpHandlers>
  implements ClientConnectionHome<ClientConnection>
{
  onRequest(connection: ClientConnection, head: RequestHead): void {
    this.options.onRequest(connection, head)
  }

  onFault(connection: ClientConnection, { kind, reason }: HeadFault, came: Glimpse): void {
    this.options.onFault(connection, CODES[kind], reason, came)
  }

  onBroken(connection: ClientConnection, sink: BodySink | null): string | null {
    const ref = connection.pipeline?.broken(sink) ?? null
    if (ref === null) connection.cut()
    return ref
  }

  protected override adopt(socket: Socket, intake: Intake, standing: Standing, early: Buffer): ClientConnection {
    const connection = new ClientConnection(socket, intake, standing, this)
    if (early.length > 0) take(connection, early, early.length)
    return connection
  }
}
