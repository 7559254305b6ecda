/** Why a path names nothing that is hosted. */
export type PathFault = 'not-valid' | 'hidden'

/** Devices, whatever their extension, on Windows (learn.microsoft.com, “Naming Files, Paths, and Namespaces”). */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i

/**
 * The names of a request's path, from the hosted folder down; the last is empty for a folder. Each segment is decoded once
 * (RFC 3986 §2.4); whatever could be read as leading elsewhere names nothing: dots, slashes of either kind, NUL, bytes that
 * are no UTF-8 (CVE-2000-0884: overlong forms of `/`).
 */
export function hostedSegments(raw: string, dotFiles: boolean, windows: boolean): readonly string[] | PathFault {
  const segments: string[] = []
  for (const part of raw.split('/').slice(1)) {
    const name = decode(part)
    if (name === null || /[/\\\0]/.test(name) || name === '.' || name === '..') return 'not-valid'
    // Streams (`a::$DATA`), devices, and names that Windows shortens to others.
    if (windows && (name.includes(':') || DEVICE.test(name) || /[. ]$/.test(name) || /~\d/.test(name))) return 'not-valid'
    if (!dotFiles && name.startsWith('.')) return 'hidden'
    segments.push(name)
  }
  // An empty name within the path is a second slash.
  return segments.slice(0, -1).includes('') ? 'not-valid' : segments
}

function decode(part: string): string | null {
  // Characters beyond ASCII come as they are, byte by byte.
  const escaped = part.replace(/[\x80-\xff]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
  try {
    return decodeURIComponent(escaped)
  } catch {
    return null // not UTF-8, or a lone %
  }
}
