/**
 * Names with letters outside ASCII. They are stored as browsers send them (`xn--…`, RFC 5891) and shown as people wrote them.
 * The platform encodes (`URL`) but does not decode, so decoding is here: RFC 3492 §6.2.
 */

const BASE = 36
const T_MIN = 1
const T_MAX = 26
const SKEW = 38
const DAMP = 700

/** The ASCII form of a host name, a leading `*.` kept; null where there is none. ASCII names come back as they are. */
export function toAsciiHost(host: string): string | null {
  if (/^[\x20-\x7e]*$/.test(host)) return host
  const wildcard = host.startsWith('*.')
  try {
    const { hostname } = new URL(`http://${wildcard ? host.slice(2) : host}/`)
    return wildcard ? `*.${hostname}` : hostname
  } catch {
    // Not a name in any script: an empty label, a character IDNA forbids.
    return null
  }
}

/** The host name as people write it. A label that is not proper punycode stays as it is. */
export function toUnicodeHost(host: string): string {
  if (!host.includes('xn--')) return host
  const shown = host
    .split('.')
    .map((label) => (label.startsWith('xn--') ? (decodeLabel(label.slice(4)) ?? label) : label))
    .join('.')
  // Only what encodes back to the same name may stand for it (a hand-made label could spell another one).
  return toAsciiHost(shown) === host ? shown : host
}

function decodeLabel(encoded: string): string | null {
  const split = encoded.lastIndexOf('-')
  const points = Array.from(encoded.slice(0, Math.max(0, split)), (character) => character.charCodeAt(0))
  let at = split < 0 ? 0 : split + 1
  let point = 128
  let bias = 72
  let index = 0
  while (at < encoded.length) {
    const before = index
    let weight = 1
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(encoded.charCodeAt(at++))
      if (digit === null) return null
      index += digit * weight
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX)
      if (digit < threshold) break
      weight *= BASE - threshold
    }
    const length = points.length + 1
    bias = adapt(index - before, length, before === 0)
    point += Math.floor(index / length)
    index %= length
    if (point > 0x10ffff) return null
    points.splice(index++, 0, point)
  }
  return String.fromCodePoint(...points)
}

function digitOf(code: number): number | null {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61
  return code >= 0x30 && code <= 0x39 ? code - 0x30 + 26 : null
}

function adapt(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(first ? delta / DAMP : delta / 2)
  rest += Math.floor(rest / length)
  let k = 0
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN))
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW))
}
