import type { Service } from '../../contract/config/service'
import { withForwarded, type Forwarding } from './forwarded-headers'
import { eachHeader, type HeaderList } from './header-list'
import { endToEnd } from './hop-by-hop'

export interface RequestHeadOptions {
  readonly forwarding: Forwarding
  readonly rules: Service['headers']
  /** The Host the backend is to see. */
  readonly host: string
}

/** `Host` is ours to set; `Expect` goes with the body, from the forwarder; `Proxy` becomes a CGI's HTTP_PROXY (CVE-2016-5385). */
const DROPPED = new Set(['host', 'expect', 'proxy'])

/** The fields a backend gets, by name, repetitions as lists. Framing and `Connection` are the forwarder's business. */
export function buildRequestHead(received: HeaderList, { forwarding, rules, host }: RequestHeadOptions): Record<string, string | string[]> {
  const fields = new Map<string, { name: string; values: string[] }>()
  const add = (name: string, value: string): void => {
    const field = fields.get(name.toLowerCase())
    if (field) field.values.push(value)
    else fields.set(name.toLowerCase(), { name, values: [value] })
  }
  add('Host', host)
  eachHeader(withForwarded(endToEnd(received), forwarding), (lower, name, value) => {
    if (!DROPPED.has(lower)) add(name, value)
  })
  for (const name of rules.request.remove) fields.delete(name.toLowerCase())
  for (const [name, value] of Object.entries(rules.request.set)) fields.set(name.toLowerCase(), { name, values: [value] })
  return Object.fromEntries([...fields.values()].map(({ name, values }) => [name, values.length === 1 ? (values[0] ?? '') : values]))
}
