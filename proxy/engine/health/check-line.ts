import type { BackendConnection, ConnectionHome } from '../backend/backend-connection'

/** A program that no longer accepts connections is found by a check after so many at the latest; by visitors at once. */
const MAX_CHECKS = 6

/**
 * The connection that one backend's checks go over, one after the other, as Envoy's do: making and ending one for each check
 * took two thirds of their cost (measured with 1,000 backends). After a check that found something wrong it is made anew.
 */
export class CheckLine implements ConnectionHome {
  headBytes = 32_768
  private kept: BackendConnection | null = null
  private checks = 0
  private closed = false
  /** How the kept one was made: what certificate it has, and what it began with. */
  private madeBy = ''

  /** `by`: how a connection would be made now. */
  take(by: string): BackendConnection | null {
    const { kept } = this
    this.kept = null
    if (kept?.usable === true && this.madeBy === by) return kept
    kept?.destroy()
    this.checks = 0
    this.madeBy = by
    return null
  }

  /** Takes a connection whose exchange is over in good order. */
  keep(connection: BackendConnection): void {
    this.checks += 1
    if (this.closed || this.kept !== null || !connection.keepsOpen || this.checks >= MAX_CHECKS) return connection.destroy()
    connection.rest()
    this.kept = connection
  }

  remove(connection: BackendConnection): void {
    if (this.kept === connection) this.kept = null
  }

  close(): void {
    this.closed = true
    this.kept?.destroy()
    this.kept = null
  }
}
