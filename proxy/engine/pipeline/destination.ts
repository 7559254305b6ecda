import { headerValues } from '../http/header-list'
import { hasDestination, nameOf, readResource } from '../http/resource'
import { readVisitor } from '../http/visitor'
import { FieldKind } from '../http/wire/field-kind'
import type { Router } from '../route/router'
import { stripFault } from '../route/service-path'
import type { RequestContext } from '../visit/context'
import type { CompiledService } from '../world/snapshot'

/**
 * Why a WebDAV client may not copy or move to where it says; null: it may. A `Destination` (RFC 4918 §10.3) is a second target:
 * one that leads to another service would go past that one's rules, and one that leads nowhere would be taken by the backend for
 * a path of its own. Hosts that nobody answers for here are the backend's to refuse.
 */
export function destinationFault(context: RequestContext, service: CompiledService, router: Router<CompiledService>): string | null {
  const { head, authority } = context
  if (!hasDestination(head.method) || authority === null || !head.lines.kinds.includes(FieldKind.resource)) return null
  const names = resourceNames(context)
  for (const value of headerValues(head.lines.fields, 'destination')) {
    const resource = readResource(value, names)
    if (resource.kind === 'not-valid') return 'the Destination is neither a URL nor an absolute path'
    const host = resource.kind === 'own' ? authority.host : (resource.authority?.host ?? '')
    const result = resource.path === null ? null : router.find(host, resource.path)
    if (resource.kind === 'foreign') {
      if (result?.kind === 'found' && result.target !== service) return `the Destination lies in another service, ${result.target.id}`
    } else if (result?.kind !== 'found' || result.target !== service) return `the Destination lies outside the service ${service.id}`
    else if (stripFault(resource.path, service.strippedSegments) !== null) return 'the Destination leads out of the service'
  }
  return null
}

/** By which names a client may call the service that it has come to. */
export function resourceNames({ head, authority, trustedPeer, world }: RequestContext): ReadonlySet<string> {
  const names = new Set(authority === null ? [] : [nameOf(authority)])
  if (!trustedPeer) return names
  const { host, port } = readVisitor(head.lines.fields, { proto: 'http', authority }, world.snapshot.trustedProxies)
  return names.add(nameOf({ text: host, host, port }))
}
