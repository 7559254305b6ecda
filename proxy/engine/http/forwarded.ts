/** One hop of a `Forwarded` field: what a proxy says of the request that it got (RFC 7239 §4); empty where it does not. */
export interface ForwardedElement {
  readonly for: string
  readonly host: string
  readonly proto: string
}

/** A parameter and what follows it: a further one of the same hop, the next hop, or the end. */
const PARAMETER = /[;,\s]*([^=;,\s"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^",;\s]*)\s*([;,]|$)/y

/** Takes `Forwarded` fields apart, in their order. What is no parameter ends the reading: nothing behind it is understood. */
export function parseForwarded(values: readonly string[]): ForwardedElement[] {
  return values.flatMap(parseField)
}

function parseField(value: string): ForwardedElement[] {
  const elements: ForwardedElement[] = []
  let element: Record<string, string> = {}
  PARAMETER.lastIndex = 0
  for (let match = PARAMETER.exec(value); match !== null; match = PARAMETER.exec(value)) {
    const [, name = '', text = '', after = ''] = match
    element[name.toLowerCase()] ??= unquoted(text)
    if (after !== ',' && PARAMETER.lastIndex < value.length) continue
    elements.push({ for: element['for'] ?? '', host: element['host'] ?? '', proto: element['proto'] ?? '' })
    element = {}
  }
  return elements
}

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
