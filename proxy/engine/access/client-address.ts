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
  const elements = chain
    .flatMap((value) => value.split(','))
    .map((element) => element.trim())
    .filter((element) => element !== '')
  for (const element of elements.toReversed()) {
    const text = plainAddress(element.replace(/^\[([^\]]*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1'))
    const address = parseAddress(text)
    if (address === null) return client
    client = { text, address }
    if (!trusted.has(address)) return client
  }
  return client
}
