/** Why a path names nothing that is hosted. */
export type PathFault = 'not-valid' | 'hidden'

/** Devices, whatever their extension, on Windows (learn.microsoft.com, “Naming Files, Paths, and Namespaces”). Blanks before it are not read. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\.|$)/i

/**
 * The names of a request's path, from the hosted folder down; the last is empty for a folder. Each segment is decoded once
 * (RFC 3986 §2.4); whatever could be read as leading elsewhere names nothing: dots, slashes of either kind, NUL, bytes that
 * are no UTF-8 (CVE-2000-0884: overlong forms of `/`).
 */
export function hostedSegments(raw: string, dotFiles: boolean, windows: boolean): readonly string[] | PathFault {
  const segments: string[] = []
  for (const part of raw.split('/').slice(1)) {
    const name = decode(part)
    const fault = name === null ? 'not-valid' : faultOf(name, dotFiles, windows)
    if (name === null || fault !== null) return fault ?? 'not-valid'
    segments.push(name)
  }
  // An empty name within the path is a second slash.
  return segments.slice(0, -1).includes('') ? 'not-valid' : segments
}

/** Why a name is not hosted; null: it is. What a path cannot name is in no list either. */
export function faultOf(name: string, dotFiles: boolean, windows: boolean): PathFault | null {
  if (/[/\\]/.test(name) || hasControls(name) || name === '.' || name === '..') return 'not-valid'
  // Streams (`a::$DATA`), devices, and names that Windows shortens to others.
  if (windows && (name.includes(':') || DEVICE.test(name) || /[. ]$/.test(name) || /~\d/.test(name))) return 'not-valid'
  return !dotFiles && name.startsWith('.') ? 'hidden' : null
}

/** No name that a person gave has them; in a page, a header or a terminal they could do harm. */
function hasControls(name: string): boolean {
  for (let at = 0; at < name.length; at++) if (name.charCodeAt(at) < 0x20 || name.charCodeAt(at) === 0x7f) return true
  return false
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null // not UTF-8, or a lone %
  }
}
