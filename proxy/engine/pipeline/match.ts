import { leadsOut, withoutSegments } from '../route/request-path'
import type { RequestContext } from '../visit/context'
import type { Refusal } from '../visit/refusal'

/** Finds the service that answers this host and path on this listener. */
export function match(context: RequestContext): Refusal | null {
  const { world, connection, authority, path } = context
  const router = world.snapshot.routers.get(connection.listener)
  if (router === undefined || authority === null || path === null) return { code: 'AR_NO_SERVICE', reason: 'the listener has no services' }
  const result = router.find(authority.host, path)
  if (result.kind === 'ambiguous') return { code: 'AR_BAD_REQUEST', reason: 'the path can be read as two different services', close: true }
  if (result.kind === 'none')
    return { code: 'AR_NO_SERVICE', reason: `no service answers ${authority.host === '' ? 'requests without a host' : authority.host}` }
  // An encoded slash among what is taken off would take more with it than was matched.
  const { strippedSegments } = result.target
  const stripped =
    strippedSegments > 0
      ? path.raw
          .split('/')
          .slice(1, strippedSegments + 1)
          .join('/')
      : ''
  if (/%2f|%5c/i.test(stripped))
    return { code: 'AR_BAD_REQUEST', reason: 'an encoded slash in the part of the path that is taken off', close: true }
  // Where both readings are the path as it came, there are no dots in it.
  if (path.lenient !== path.raw && leadsOut(withoutSegments(path.raw, result.target.strippedSegments)))
    return { code: 'AR_BAD_REQUEST', reason: 'the path leads out of the service', close: true }
  context.service = result.target
  return null
}
