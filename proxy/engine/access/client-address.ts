import { parseAddress, plainAddress, type Address } from '../../contract/address'
import type { RangeSet } from './range-set'

export interface Client {
  readonly text: string
  readonly address: Address | null
}

/**
 * The client behind a peer: the peer itself unless it is a trusted proxy; then the right-most address of the
 * `X-Forwarded-For` chain that is none. A chain of trusted ones only gives the left-most. An element that is no address
 * ends the walk at the last good one: left of it anything may have been made up.
 */
export function effectiveClient(peer: Client, chain: readonly string[], trusted: RangeSet): Client {
  if (peer.address === null || !trusted.has(peer.address)) return peer
  let client = peer
  for (const element of chainOf(chain).toReversed()) {
    const found = readElement(element)
    if (found === null) return client
    client = found
    if (!trusted.has(found.address)) return client
  }
  return client
}

/** The addresses of a chain that may stand in one field or in several. */
export function chainOf(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((element) => element.trim())
    .filter((element) => element !== '')
}

/** How many of a chain's elements, from the right, are trusted proxies on the way to a client further left. */
export function trustedHops(elements: readonly string[], trusted: RangeSet): number {
  let hops = 0
  for (const element of elements.toReversed()) {
    const found = readElement(element)
    if (found === null || !trusted.has(found.address)) break
    hops += 1
  }
  return hops
}

/** An element of a chain, with or without a port and brackets; null where it is no address. */
function readElement(element: string): { readonly text: string; readonly address: Address } | null {
  const text = plainAddress(element.replace(/^\[([^\]]*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1'))
  const address = parseAddress(text)
  return address === null ? null : { text, address }
}
