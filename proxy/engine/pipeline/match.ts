import { stripFault } from '../route/service-path'
import type { RequestContext } from '../visit/context'
import type { Refusal } from '../visit/refusal'
import { destinationFault } from './destination'

/** Finds the service that answers this host and path on this listener. */
export function match(context: RequestContext): Refusal | null {
  const { world, connection, authority, path } = context
  const router = world.snapshot.routers.get(connection.listener)
  if (router === undefined || authority === null || path === null) return { code: 'AR_NO_SERVICE', reason: 'the listener has no services' }
  const result = router.find(authority.host, path)
  if (result.kind === 'ambiguous') return { code: 'AR_BAD_REQUEST', reason: 'the path can be read as two different services', close: true }
  if (result.kind === 'none')
    return { code: 'AR_NO_SERVICE', reason: `no service answers ${authority.host === '' ? 'requests without a host' : authority.host}` }
  const fault = stripFault(path, result.target.strippedSegments) ?? destinationFault(context, result.target, router)
  if (fault !== null) return { code: 'AR_BAD_REQUEST', reason: fault, close: true }
  context.service = result.target
  return null
}
