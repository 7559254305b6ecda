/** A request's path, read in the two ways a backend may read it. */
export interface RequestPath {
  /** As it came, without the query. */
  readonly raw: string
  /** With the `?`, or empty. */
  readonly query: string
  /** Segment by segment, each decoded once; dots and double slashes left alone. */
  readonly plain: string
  /**
   * As the most lenient server reads it: encoded slashes, backslashes, dots, double slashes and `;parameters` resolved, control
   * characters and the blanks around names left out.
   */
  readonly lenient: string
}

const SLASH = 0x2f
const DOT = 0x2e

/** What every server reads in one way. */
const PLAIN = new Uint8Array(128)
for (let code = 0; code < PLAIN.length; code++) if (/[\w/.~!$&'()*+,=:@-]/.test(String.fromCharCode(code))) PLAIN[code] = 1

/**
 * Control characters: many programs take them off, or leave them out, when they read a name (CVE-2016-5007: Spring trimmed
 * segments before it compared them).
 */
const CONTROLS = /[^ -~\u0080-\uffff]/g

/**
 * Takes an origin-form target apart; null where no server should be given it: control characters, a fragment, an encoded NUL,
 * at which programs in C end a path. Other encoded control characters may well be in a name: macOS keeps a folder's icon in
 * `Icon\r`, and WebDAV clients ask for it.
 */
export function parseRequestPath(target: string): RequestPath | null {
  if (isPlain(target)) return { raw: target, query: '', plain: target, lenient: target }
  if (!target.startsWith('/') || /[\0-\x20\x7f#]/.test(target) || /%00/.test(pathOf(target))) return null
  const raw = pathOf(target)
  const simple = /^[\w/.~!$&'()*+,=:@-]*$/.test(raw) && !/\/[/.]/.test(raw)
  return { raw, query: target.slice(raw.length), plain: simple ? raw : decodeSegments(raw), lenient: simple ? raw : resolve(raw) }
}

/** A service's path in the form that `plain` and `lenient` paths are compared with. */
export function decodeSegments(path: string): string {
  return path.split('/').map(decodeOnce).join('/')
}

/** Whether `path` lies at or below `prefix`, on a segment border: `/api` holds `/api/v2`, not `/apix`. */
export function isBelow(path: string, prefix: string): boolean {
  return prefix === '/' || (path.startsWith(prefix) && (path.length === prefix.length || path.charCodeAt(prefix.length) === 0x2f))
}

/** Takes the first `count` segments off a raw path. */
export function withoutSegments(raw: string, count: number): string {
  const rest = raw
    .split('/')
    .slice(count + 1)
    .join('/')
  return `/${rest}`
}

/** Whether some server reads the path as leading above its start: put after a backend's base path, `/../x` would leave it. */
export function leadsOut(raw: string): boolean {
  return walk(raw).leftStart
}

/** A path without a query that cannot be read in two ways: most are. */
function isPlain(target: string): boolean {
  if (target.charCodeAt(0) !== SLASH) return false
  let before = SLASH
  for (let at = 1; at < target.length; at++) {
    const code = target.charCodeAt(at)
    if (PLAIN[code] !== 1 || (before === SLASH && (code === SLASH || code === DOT))) return false
    before = code
  }
  return true
}

function pathOf(target: string): string {
  const end = target.indexOf('?')
  return end === -1 ? target : target.slice(0, end)
}

function decodeOnce(segment: string): string {
  if (!segment.includes('%')) return segment
  return Buffer.from(
    segment.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')
}

function resolve(raw: string): string {
  return `/${walk(raw).segments.join('/')}`
}

/** Goes along a path as the most lenient server does. */
function walk(raw: string): { segments: readonly string[]; leftStart: boolean } {
  const segments: string[] = []
  let leftStart = false
  for (const part of decodeOnce(raw).replace(CONTROLS, '').replaceAll('\\', '/').split('/')) {
    const name = part.replace(/;.*$/s, '').trim()
    if (name === '..') leftStart = segments.pop() === undefined || leftStart
    else if (name !== '' && name !== '.') segments.push(name)
  }
  return { segments, leftStart }
}
