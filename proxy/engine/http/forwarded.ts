/** One hop of a `Forwarded` field: what a proxy says of the request that it got (RFC 7239 §4); empty where it does not. */
export interface ForwardedElement {
  readonly for: string
  readonly host: string
  readonly proto: string
}

/** Takes `Forwarded` fields apart, in their order. What is no parameter ends the reading: nothing behind it is understood. */
export function parseForwarded(values: readonly string[]): ForwardedElement[] {
  return values.flatMap(parseField)
}

function parseField(value: string): ForwardedElement[] {
  const elements: ForwardedElement[] = []
  let element: Record<string, string> = {}
  for (let next = readParameter(value, 0); next !== null; next = readParameter(value, next.end)) {
    element[next.name.toLowerCase()] ??= unquoted(next.text)
    if (next.after !== ',' && next.end < value.length) continue
    elements.push({ for: element['for'] ?? '', host: element['host'] ?? '', proto: element['proto'] ?? '' })
    element = {}
  }
  return elements
}

interface Parameter {
  readonly name: string
  /** As it stands there, in its quotes. */
  readonly text: string
  /** `;`: a further one of the same hop follows; `,`: the next hop; empty: the field is over. */
  readonly after: string
  readonly end: number
}

/** The parameter behind whatever divides it from the one before. Each sign is looked at once: a field may be as long as a head. */
function readParameter(value: string, from: number): Parameter | null {
  const begin = skip(value, from, isDivider)
  const nameEnd = skip(value, begin, isOfName)
  const equals = skip(value, nameEnd, isBlank)
  if (nameEnd === begin || value[equals] !== '=') return null
  const start = skip(value, equals + 1, isBlank)
  const end = value[start] === '"' ? endOfQuoted(value, start) : skip(value, start, isOfValue)
  if (end === -1) return null
  const last = skip(value, end, isBlank)
  const after = value[last] ?? ''
  if (after !== '' && after !== ';' && after !== ',') return null
  return { name: value.slice(begin, nameEnd), text: value.slice(start, end), after, end: last + after.length }
}

function skip(value: string, from: number, belongs: (sign: string) => boolean): number {
  let at = from
  while (at < value.length && belongs(value[at] ?? '')) at += 1
  return at
}

/** Behind its closing quote; -1: there is none. */
function endOfQuoted(value: string, start: number): number {
  for (let at = start + 1; at < value.length; at++) {
    if (value[at] === '\\') at += 1
    else if (value[at] === '"') return at + 1
  }
  return -1
}

const isBlank = (sign: string): boolean => sign === ' ' || sign === '\t'
const isDivider = (sign: string): boolean => sign === ';' || sign === ',' || isBlank(sign)
const isOfValue = (sign: string): boolean => sign !== '"' && !isDivider(sign)
const isOfName = (sign: string): boolean => sign !== '=' && isOfValue(sign)

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text
}

/** One hop as it is written; a request without a host has none to tell. */
export function writeForwarded(address: string, host: string, proto: string): string {
  const node = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address
  return `for=${quoted(node)}${host === '' ? '' : `;host=${quoted(host)}`};proto=${quoted(proto)}`
}

/** A token as it is, anything else quoted (RFC 7239 §4): IPv6 in brackets and a host with a port have to be. */
function quoted(value: string): string {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}
