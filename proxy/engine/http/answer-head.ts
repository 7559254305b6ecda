import type { Service } from '../../contract/config/service'
import { eachHeader, type HeaderList } from './header-list'
import { endToEnd } from './hop-by-hop'
import { publicCookie, publicLocation, publicRefresh, type PublicView } from './public-view'

/** Fields that tell what runs behind the gateway, or (`Alt-Svc`) lead past it. */
const HIDDEN = new Set(['server', 'x-powered-by', 'x-aspnet-version', 'x-aspnetmvc-version', 'via', 'alt-svc'])

/** The fields a client gets of a backend's answer, in their order and with their repetitions. */
export function buildAnswerHead(status: number, received: HeaderList, rules: Service['headers'], view: PublicView): string[] {
  const removed = new Set(rules.response.remove.map((name) => name.toLowerCase()))
  const replaced = new Set(Object.keys(rules.response.set).map((name) => name.toLowerCase()))
  const result: string[] = []
  eachHeader(endToEnd(received), (lower, name, value) => {
    // A 204 has no content and must not say how long it is (RFC 9110 §8.6).
    if (status === 204 && lower === 'content-length') return
    if (!HIDDEN.has(lower) && !removed.has(lower) && !replaced.has(lower)) result.push(name, seenFromOutside(lower, value, view))
  })
  for (const [name, value] of Object.entries(rules.response.set)) result.push(name, value)
  return result
}

function seenFromOutside(lower: string, value: string, view: PublicView): string {
  switch (lower) {
    case 'location':
    case 'content-location':
      return publicLocation(value, view)
    case 'link':
      return value.replace(/<([^>]*)>/g, (_, target: string) => `<${publicLocation(target, view)}>`)
    case 'refresh':
      return publicRefresh(value, view)
    case 'set-cookie':
      return publicCookie(value, view)
    default:
      return value
  }
}
