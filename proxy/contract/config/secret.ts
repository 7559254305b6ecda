/** What stands in place of a secret wherever a document is shown; saving it keeps the secret as it is. */
export const MASK = '••••••••'

/** What the schema says of a key whose value is a secret; whatever shows a document reads it there (`contract/secrets.ts`). */
export const SECRET = { secret: true } as const

/** The same of a record of headers, some of which carry a secret: see `isSecretHeader`. */
export const SECRET_HEADERS = { secret: 'headers' } as const

/** Words in the names of headers that let somebody in: `Authorization`, `X-Api-Key`, `Cookie`, `Private-Token`, `X-Amz-Signature`. */
const NAMES =
  /auth|token|secret|passw|passphrase|credential|cookie|session|signature|bearer|jwt|hmac|csrf|xsrf|key(?:[-_.]|$)|(?:^|[-_.])(?:(?:pass|pwd|pin|otp|sid|sig)(?:[-_.]|$)|saml)/i
/** Values that let somebody in whatever the name: an authentication scheme (RFC 9110 §11.4), a token (RFC 7519), one long random word. */
const VALUES =
  /^(?:basic|bearer|digest|token|negotiate|apikey|hmac)\s+\S|^eyJ[\w-]+\.|^(?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9+/_=.~-]{24,}$|:\/\/[^/\s:]*:[^/\s@]*@/i
/** Headers that say how a page may be used: long words in them are no secrets. */
const PLAIN =
  /^(?:content-.*|cache-.*|access-control-.*|strict-transport-security|permissions-policy|referrer-policy|etag|vary|link|location)$/i

/** Whether the value of a header that a service sets is a secret. */
export function isSecretHeader(name: string, value: unknown): boolean {
  // Longer ones the schema refuses; here they are not looked through.
  if (value === MASK || name.length > 256 || NAMES.test(name)) return true
  return typeof value === 'string' && !PLAIN.test(name) && (value.length > 8_192 || VALUES.test(value))
}
