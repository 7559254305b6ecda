import type { RequestHead } from './wire/request-head-parser'

/**
 * Protocols that carry requests of their own, and so past the rules: another HTTP, or TLS with whatever in it (RFC 2817,
 * CVE-2021-21295 and its kin). Everything else is between the client and the backend.
 */
const REFUSED = /^(?:h[23]c?(?:-\d+)?|https?|tls|ssl)(?:\/|$)/

/** A protocol by name, with or without a version (RFC 9110 §7.8). */
const PROTOCOL = /^[\w!#$%&'*+.^`|~-]+(?:\/[\w!#$%&'*+.^`|~-]+)?$/

/**
 * The protocols that a client offers to switch to and a backend may take, as it wrote them and each once; null where there are
 * none. What is refused is left out, as if it had not been offered.
 */
export function offeredProtocols(head: RequestHead): string | null {
  const offered = readOffered(head)
  return offered.size === 0 ? null : [...offered.values()].join(', ')
}

/** By their names in small letters. */
function readOffered({ upgrade, lines }: RequestHead): ReadonlyMap<string, string> {
  const offered = new Map<string, string>()
  // Told by the parser: `Connection` names it, and it is HTTP/1.1.
  if (upgrade === null || lines.upgrade === null) return offered
  for (const part of lines.upgrade.split(',')) {
    const protocol = part.trim()
    const lower = protocol.toLowerCase()
    if (PROTOCOL.test(protocol) && !REFUSED.test(lower) && !offered.has(lower)) offered.set(lower, protocol)
  }
  return offered
}

/** Whether a backend switched to what it was offered; `taken` is what its 101 names, one protocol or one on top of the other. */
export function isOffered(taken: string | null, head: RequestHead): taken is string {
  if (taken === null) return false
  const offered = readOffered(head)
  return taken.split(',').every((part) => offered.has(part.trim().toLowerCase()))
}
