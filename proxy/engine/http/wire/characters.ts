/** What a byte may be part of (RFC 9110 §5.5 and §5.6, RFC 9112 §3.2); one look-up tells all. */
const TOKEN = 1
const VALUE = 2
const TARGET = 4

const CLASSES = new Uint8Array(256)
for (let code = 0; code < 256; code++) {
  const character = String.fromCharCode(code)
  if (/[\w!#$%&'*+.^`|~-]/.test(character)) CLASSES[code] = (CLASSES[code] ?? 0) | TOKEN
  // Tab, blank, visible ASCII and obs-text.
  if (code === 0x09 || (code >= 0x20 && code !== 0x7f)) CLASSES[code] = (CLASSES[code] ?? 0) | VALUE
  // Visible ASCII without the fragment, which no client may send.
  if (code > 0x20 && code < 0x7f && character !== '#') CLASSES[code] = (CLASSES[code] ?? 0) | TARGET
}

/** Whether a byte may stand in a token: a method, a field name, the name of a chunk extension. */
export function isTokenByte(code: number): boolean {
  return ((CLASSES[code] ?? 0) & TOKEN) !== 0
}

/** Whether a byte may stand in a field value or a reason phrase. */
export function isValueByte(code: number): boolean {
  return ((CLASSES[code] ?? 0) & VALUE) !== 0
}

/** Whether `text` from `start` to `end` is a token. `text` holds bytes as latin1. */
export function isToken(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (((CLASSES[text.charCodeAt(at)] ?? 0) & TOKEN) === 0) return false
  return end > start
}

/** Whether `text` from `start` to `end` has only what a field value may hold. */
export function isValue(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (((CLASSES[text.charCodeAt(at)] ?? 0) & VALUE) === 0) return false
  return true
}

/** Whether `text` from `start` to `end` has only what a request target may hold. */
export function isTarget(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (((CLASSES[text.charCodeAt(at)] ?? 0) & TARGET) === 0) return false
  return end > start
}

/** The first place from `start` on that cannot be part of a token; at most the end of `text`. */
export function endOfToken(text: string, start: number): number {
  let at = start
  while (((CLASSES[text.charCodeAt(at)] ?? 0) & TOKEN) !== 0) at += 1
  return at
}

/** The first place from `start` on that cannot be part of a field value; at most the end of `text`. */
export function endOfValue(text: string, start: number): number {
  let at = start
  while (((CLASSES[text.charCodeAt(at)] ?? 0) & VALUE) !== 0) at += 1
  return at
}
