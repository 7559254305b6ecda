/** Where the words of a range lie in what is read into: four of the first address, four of the last, the most significant first. */
export const FIRST = 0
export const LAST = 4

const COLON = 0x3a
const DOT = 0x2e
const ZERO = 0x30

/** The eight groups of the IPv6 address that is being read. */
const groups = new Uint16Array(8)

/**
 * Reads one IP address into four 32-bit words at `at` and gives its family; 0 where the text is none. An IPv4 address lies
 * in the fourth word. One pass over the characters, no objects: a list of 300,000 networks is read in a tenth of a second.
 * Takes what ipaddr.js takes as a four-part decimal or IPv6 address, and nothing else (a property test compares them); a
 * zone id is dropped, and an IPv4-mapped IPv6 address is that IPv4 address (RFC 4291 §2.5.5.2).
 */
export function readAddress(text: string, words: Uint32Array, at: number): 0 | 4 | 6 {
  const zone = text.indexOf('%')
  if (zone !== -1) return readZoned(text, words, at)
  return readBare(text, 0, text.length, words, at)
}

/**
 * Reads an address, a CIDR block (host bits are cleared) or a range `a-b` into eight words, the first and the last address;
 * 0 where the text is none of them.
 */
export function readRange(text: string, words: Uint32Array): 0 | 4 | 6 {
  const slash = text.indexOf('/')
  if (slash !== -1) return readBlock(text, slash, words)
  const single = readAddress(text, words, FIRST)
  if (single !== 0) {
    words.copyWithin(LAST, FIRST, FIRST + 4)
    return single
  }
  const dash = text.indexOf('-')
  if (dash === -1 || text.includes('-', dash + 1)) return 0
  const family = readAddress(text.slice(0, dash).trim(), words, FIRST)
  if (family === 0 || readAddress(text.slice(dash + 1).trim(), words, LAST) !== family) return 0
  for (let word = 0; word < 4; word++) {
    const difference = (words[LAST + word] ?? 0) - (words[FIRST + word] ?? 0)
    if (difference !== 0) return difference > 0 ? family : 0
  }
  return family
}

function readBlock(text: string, slash: number, words: Uint32Array): 0 | 4 | 6 {
  const digits = text.length - slash - 1
  if (digits < 1 || digits > 3) return 0
  let prefix = 0
  for (let index = slash + 1; index < text.length; index++) {
    const digit = text.charCodeAt(index) - ZERO
    if (digit < 0 || digit > 9) return 0
    prefix = prefix * 10 + digit
  }
  const base = text.slice(0, slash)
  const family = readAddress(base, words, FIRST)
  if (family === 0) return 0
  // An IPv4-mapped block counts its bits from IPv6's first.
  if (family === 4 && base.includes(':')) prefix -= 96
  if (prefix < 0 || prefix > (family === 4 ? 32 : 128)) return 0
  const skipped = family === 4 ? 96 : 0
  for (let word = 0; word < 4; word++) {
    const kept = Math.min(32, Math.max(0, prefix + skipped - 32 * word))
    const hostBits = kept === 32 ? 0 : 0xffff_ffff >>> kept
    const value = words[FIRST + word] ?? 0
    words[LAST + word] = (value | hostBits) >>> 0
    words[FIRST + word] = (value & ~hostBits) >>> 0
  }
  if (family === 4) words.fill(0, LAST, LAST + 3)
  return family
}

/** An address with a zone id, as `fe80::1%eth0`; ipaddr.js takes a second one of letters and digits behind IPv6 groups. */
function readZoned(text: string, words: Uint32Array, at: number): 0 | 4 | 6 {
  const bare = text.replace(/%[^%/]+$/, '')
  const first = /^([^%.]*)%[0-9a-z]+$/i.exec(bare)?.[1]
  const twice = first?.includes(':') === true ? first : bare
  return readBare(twice, 0, twice.length, words, at)
}

function readBare(text: string, start: number, end: number, words: Uint32Array, at: number): 0 | 4 | 6 {
  for (let index = start; index < end && index < start + 5; index++) {
    const code = text.charCodeAt(index)
    if (code === DOT) return readIpv4(text, start, end, words, at) ? 4 : 0
    if (code === COLON) return readIpv6(text, start, end, words, at)
  }
  return 0
}

/** Four decimal numbers without zeroes in front: `010.0.0.1` is another address to some programs (CVE-2021-28918). */
function readIpv4(text: string, start: number, end: number, words: Uint32Array, at: number): boolean {
  if (end - start > 15) return false
  let value = 0
  let index = start
  for (let part = 0; part < 4; part++) {
    const began = index
    let number = 0
    while (index < end) {
      const digit = text.charCodeAt(index) - ZERO
      if (digit < 0 || digit > 9) break
      number = number * 10 + digit
      index++
    }
    const digits = index - began
    if (digits === 0 || digits > 3 || number > 255 || (digits > 1 && text.charCodeAt(began) === ZERO)) return false
    value = value * 256 + number
    if (part < 3 && (index >= end || text.charCodeAt(index++) !== DOT)) return false
  }
  if (index !== end) return false
  words[at] = 0
  words[at + 1] = 0
  words[at + 2] = 0
  words[at + 3] = value
  return true
}

function readIpv6(text: string, start: number, end: number, words: Uint32Array, at: number): 0 | 4 | 6 {
  let count = 0
  /** How many groups stand before `::`, which stands for one group of zeroes at least (RFC 4291 §2.2). */
  let gap = -1
  let index = start
  if (text.charCodeAt(index) === COLON) {
    if (text.charCodeAt(index + 1) !== COLON) return 0
    gap = 0
    index += 2
  }
  while (index < end) {
    const began = index
    let group = 0
    for (; index < end && index - began < 5; index++) {
      const digit = hexDigit(text.charCodeAt(index))
      if (digit === -1) break
      group = group * 16 + digit
    }
    if (index === began || index - began > 4) return 0
    if (index < end && text.charCodeAt(index) === DOT) {
      if (count > 6 || !readIpv4(text, began, end, words, at)) return 0
      // `::1.2.3.4` alone, the deprecated IPv4-compatible form, is read as that IPv4 address.
      if (gap === 0 && count === 0) return 4
      const tail = words[at + 3] ?? 0
      groups[count++] = tail >>> 16
      groups[count++] = tail & 0xffff
      break
    }
    if (count === 8) return 0
    groups[count++] = group
    if (index === end) break
    if (text.charCodeAt(index++) !== COLON || index === end) return 0
    if (text.charCodeAt(index) !== COLON) continue
    if (gap !== -1) return 0
    gap = count
    index++
  }
  if (gap === -1 ? count !== 8 : count > 7) return 0
  if (gap !== -1) {
    groups.copyWithin(8 - (count - gap), gap, count)
    groups.fill(0, gap, 8 - (count - gap))
  }
  for (let word = 0; word < 4; word++) words[at + word] = (((groups[2 * word] ?? 0) << 16) | (groups[2 * word + 1] ?? 0)) >>> 0
  const isMapped = words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0xffff
  if (isMapped) words[at + 2] = 0
  return isMapped ? 4 : 6
}

function hexDigit(code: number): number {
  if (code >= ZERO && code <= 0x39) return code - ZERO
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
