/**
 * What `Connection` must not name: without these a message would be framed or addressed in another way than it was read, or go
 * round in a circle for ever (`via`).
 */
const NOT_NAMEABLE = new Set(['host', 'content-length', 'content-type', 'cookie', 'authorization', 'via'])

/**
 * Whether `Connection` names a field, so that it goes with this connection (RFC 9110 §7.6.1). It goes before the gateway
 * adds its own fields: else `Connection: X-Forwarded-For` would take them away (CVE-2021-32813).
 */
export function isNamed(connection: ReadonlySet<string>, name: string): boolean {
  const lower = name.toLowerCase()
  return connection.has(lower) && !NOT_NAMEABLE.has(lower)
}
