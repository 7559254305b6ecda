import { STATUS_CODES } from 'node:http'
import type { CompiledService } from '../world/snapshot'
import { withoutSegments } from '../route/request-path'
import type { RequestContext } from '../visit/context'

/** Sends the visitor to where the service says, with path and query unless it says otherwise. The caller ends the exchange. */
export function redirect(context: RequestContext, { config, strippedSegments }: CompiledService): void {
  const { exchange, path, head } = context
  const status = config.status ?? 308
  const to = config.to ?? ''
  const rest =
    config.keepPath === false || path === null || path.raw === '*' ? '' : withoutSegments(path.raw, strippedSegments) + path.query
  const location = rest === '' ? to : to.replace(/\/$/, '') + (rest === '/' && !/^https?:\/\/[^/]+$/.test(to) ? '' : rest)
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
      status === 301 || status === 308 ? 'max-age=3600' : 'no-store',
    ],
    'length',
  )
  if (head.method !== 'HEAD') exchange.writeText(body)
}
