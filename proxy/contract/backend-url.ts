import { parseAddress } from './address'
import { withoutFinalSlashes } from './without-final-slashes'

/** A backend's address, taken apart. */
export interface BackendUrl {
  readonly scheme: 'http' | 'https' | 'tcp' | 'udp'
  readonly secure: boolean
  /** A host name in small letters, or an IP address without brackets. */
  readonly host: string
  readonly port: number
  /** Starts with `/`, never ends with one unless it is just that. */
  readonly basePath: string
}

const SCHEMES = ['http', 'https', 'tcp', 'udp'] as const
const SHAPE = /^(https?|tcp|udp):\/\/(\[[0-9a-f:.]+\]|[^/:?#[\]@\s]+)(?::(\d*))?(\/[^?#\s]*)?$/i

/**
 * Takes a backend's URL apart, or says in a sentence what is wrong with it. Stricter than `new URL()`: no user name,
 * query or fragment, none of the alternative spellings of IPv4 (`0x7f.1`), no characters outside ASCII.
 */
export function parseBackendUrl(text: string): BackendUrl | string {
  const match = SHAPE.exec(text)
  const scheme = SCHEMES.find((known) => known === match?.[1]?.toLowerCase())
  const host = match?.[2]?.toLowerCase().replace(/^\[|\]$/g, '')
  if (scheme === undefined || host === undefined) return explain(text)
  if (!isHost(host)) return `“${host}” is not a host name or IP address`
  const web = scheme === 'http' || scheme === 'https'
  if (!web && match?.[3] === undefined) return `add the port, as in ${scheme}://${host}:3389`
  if (!web && match?.[4] !== undefined) return 'leave out everything behind the port'
  const port = match?.[3] === undefined ? (scheme === 'https' ? 443 : 80) : Number(match[3] || Number.NaN)
  if (!(Number.isInteger(port) && port >= 1 && port <= 65_535)) return 'choose a port from 1 to 65535'
  const path = withoutFinalSlashes(match?.[4] ?? '/')
  return { scheme, secure: scheme === 'https', host, port, basePath: path === '' ? '/' : path }
}

/** A name whose last label begins with a letter is no address in any spelling; most are, and are spared the attempt to read one. */
const PLAIN_NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i

/** Whether the text is an IP address or a host name as RFC 1123 §2.1 has it (an underscore is met in practice and taken). */
export function isHost(text: string): boolean {
  if (text.length <= 253 && PLAIN_NAME.test(text)) return true
  if (parseAddress(text)) return true
  // Resolvers and URL parsers take a name whose last label is a number for another spelling of IPv4 (WHATWG URL, “ends in a number”).
  if (text.length > 253 || /(^|\.)(\d+|0x[0-9a-f]*)$/i.test(text)) return false
  return text.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))
}

function explain(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) && !/^(?:https?|tcp|udp):/i.test(text)) return 'start with http:// or https://'
  if (!/^(?:https?|tcp|udp):\/\//i.test(text)) return 'start with http:// or https://, as in http://192.168.1.20:8080'
  if (/^[a-z]+:\/\/[^/]*@/i.test(text)) return 'leave user name and password out of the address'
  if (/[?#]/.test(text)) return 'leave out everything from the ? or # on'
  return 'write a URL such as http://192.168.1.20:8080'
}
