import type { BackendConnection } from '../backend/backend-connection'
import type { BackendPool } from '../backend/backend-pool'

/** The connection on which a backend knows one client (NTLM, Negotiate), while it is idle, and where it leads. */
export class OwnConnection {
  private connection: BackendConnection | null = null
  private pool: BackendPool | null = null

  get isThere(): boolean {
    return this.connection !== null
  }

  /** Gives it where it leads to the same backend; one that leads elsewhere is of no use any more. */
  take(pool: BackendPool): BackendConnection | null {
    const { connection } = this
    this.connection = null
    if (connection === null || (this.pool === pool && connection.usable)) return connection
    connection.destroy()
    return null
  }

  /** After an exchange: keeps what knows the client, and gives others back. `sent`: all of the request has gone over it. */
  giveBack(connection: BackendConnection, pool: BackendPool | null, sent: boolean): void {
    connection.outlet.flush()
    if (!sent || !connection.keepsOpen) return connection.destroy()
    if (!connection.knowsClient) return pool?.release(connection)
    connection.rest()
    this.connection = connection
    this.pool = pool
  }

  /** The client is gone. */
  close(): void {
    this.connection?.destroy()
    this.connection = null
  }
}
