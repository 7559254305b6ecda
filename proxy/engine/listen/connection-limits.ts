/** Counts open connections of all listeners by client address. */
export class ConnectionLimits {
  private readonly clients = new Map<string, number>()
  private perListener: number
  private perClient: number

  constructor(limits: { readonly connections: number; readonly connectionsPerClient: number }) {
    this.perListener = limits.connections
    this.perClient = limits.connectionsPerClient
  }

  update(limits: { readonly connections: number; readonly connectionsPerClient: number }): void {
    this.perListener = limits.connections
    this.perClient = limits.connectionsPerClient
  }

  /** Whether one more connection may come in; if so it counts until `leave`. */
  enter(client: string, openOnListener: number): boolean {
    const open = this.clients.get(client) ?? 0
    if (openOnListener >= this.perListener || open >= this.perClient) return false
    this.clients.set(client, open + 1)
    return true
  }

  leave(client: string): void {
    const open = this.clients.get(client) ?? 0
    if (open <= 1) this.clients.delete(client)
    else this.clients.set(client, open - 1)
  }
}
