import { Generations } from './generations'

/** So many clients are known in any case; those that are forgotten have done nothing wrong for longest. */
const CLIENTS = 20_000

interface Window {
  count: number
  /** Of `elapsed`. */
  until: number
}

/** Counts what clients did wrong within a while, from the first time on. */
export class Strikes {
  private readonly clients = new Generations<bigint, Window>(CLIENTS)

  /** Counts one and gives how many there are in the present window of `within` ms. `now` of `elapsed`. */
  add(client: bigint, now: number, within: number): number {
    const known = this.clients.get(client)
    if (known !== undefined && now < known.until) return (known.count += 1)
    this.clients.set(client, { count: 1, until: now + within })
    return 1
  }

  /** How many there are, and when they are forgotten. */
  of(client: bigint, now: number): { readonly count: number; readonly until: number } {
    const known = this.clients.get(client)
    return known === undefined || now >= known.until ? { count: 0, until: now } : known
  }

  forget(client: bigint): void {
    this.clients.delete(client)
  }
}
