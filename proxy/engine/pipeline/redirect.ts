import { STATUS_CODES } from 'node:http'
import type { CompiledService } from '../world/snapshot'
import { readVisitor } from '../http/visitor'
import { withoutSegments } from '../route/request-path'
import { lacksSlash } from '../route/service-path'
import type { RequestContext } from '../visit/context'

/** Where a visitor is sent. */
export interface Redirection {
  readonly status: number
  readonly location: string
  readonly cache: string
}

/** Where the service sends this visitor instead of answering; null: nowhere. */
export function redirection(context: RequestContext, service: CompiledService): Redirection | null {
  const { type } = service.config
  if (type === 'redirect') return toConfigured(context, service)
  return type === 'http' && service.strippedSegments > 0 ? toSlash(context, service) : null
}

/** To the configured address, with path and query unless it says otherwise. */
function toConfigured({ path }: RequestContext, { config, strippedSegments }: CompiledService): Redirection {
  const status = config.status ?? 308
  const to = config.to ?? ''
  const rest =
    config.keepPath === false || path === null || path.raw === '*' ? '' : withoutSegments(path.raw, strippedSegments) + path.query
  const location = rest === '' ? to : to.replace(/\/$/, '') + (rest === '/' && !/^https?:\/\/[^/]+$/.test(to) ? '' : rest)
  return { status, location, cache: status === 301 || status === 308 ? 'max-age=3600' : 'no-store' }
}

/** From `/app` to `/app/`: the backend answers both with its `/`, whose relative links are right only below the slash. */
function toSlash(context: RequestContext, { config, strippedSegments }: CompiledService): Redirection | null {
  const { path, head, upgrade } = context
  if (!config.slashRedirect || upgrade || (head.method !== 'GET' && head.method !== 'HEAD')) return null
  if (path === null || !lacksSlash(path.raw, strippedSegments)) return null
  return { status: 308, location: `${outerPath(context)}${path.raw}/${path.query}`, cache: 'no-store' }
}

/** What a trusted proxy in front has taken off the path: the visitor sees it before all others. */
function outerPath({ trustedPeer, head, authority, world }: RequestContext): string {
  return trustedPeer ? readVisitor(head.lines.fields, { proto: 'http', authority }, world.snapshot.trustedProxies).prefix : ''
}

/** Sends the visitor there. The caller ends the exchange. */
export function redirect(context: RequestContext, { status, location, cache }: Redirection): void {
  const { exchange, head } = context
  const body = `Moved to ${location}\n`
  context.status = status
  context.answering()
  if (context.upgrade || head.body !== 'none') exchange.closeAfter()
  exchange.listen(null)
  exchange.answer(
    status,
    STATUS_CODES[status] ?? '',
    [
      'Location',
      location,
      'Content-Type',
      'text/plain; charset=utf-8',
      'Content-Length',
      String(Buffer.byteLength(body, 'latin1')),
      'Cache-Control',
      cache,
    ],
    'length',
  )
  if (head.method !== 'HEAD') exchange.writeText(body)
}
