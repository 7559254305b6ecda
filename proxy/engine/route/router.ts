import { isBelow, type RequestPath } from './request-path'

/** Something that answers a host and a path. */
export interface Route<Target> {
  readonly host: string
  /** Decoded, without a final slash unless it is just that. */
  readonly path: string
  readonly target: Target
}

export type RouteResult<Target> =
  | { readonly kind: 'found'; readonly target: Target }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous' }

/** Finds who answers a request on one listener. */
export interface Router<Target> {
  /** Whether any route has a host of its own, so that the host has to be known. */
  readonly named: boolean
  /** `host` in small letters, without port, brackets and final dot. */
  find(host: string, path: RequestPath): RouteResult<Target>
}

type Paths<Target> = readonly Route<Target>[]

/**
 * Compiles routes: an exact host goes before the longest wildcard, that before any host; within a host the longest path on
 * segment borders. Where a host has no service for the path, the next wider host is asked.
 * A path that different servers read differently is ambiguous where those readings lead to different services
 * (`/public/..%2fadmin`): it could slip past the rules of one into the other. Where they agree it is passed on as it is.
 */
export function compileRouter<Target>(routes: readonly Route<Target>[]): Router<Target> {
  const exact = group(routes.filter(({ host }) => host !== '*' && !host.startsWith('*.')))
  const wildcard = group(routes.filter(({ host }) => host.startsWith('*.')))
  const any = group(routes.filter(({ host }) => host === '*')).get('*') ?? []

  function findPath(host: string, path: string): Target | undefined {
    const hit = longest(exact.get(host), path)
    if (hit) return hit.target
    if (wildcard.size > 0) {
      for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
        const below = longest(wildcard.get(`*${host.slice(dot)}`), path)
        if (below) return below.target
      }
    }
    return longest(any, path)?.target
  }

  return {
    named: exact.size + wildcard.size > 0,
    find(host, path) {
      const target = findPath(host, path.plain)
      if (path.lenient !== path.plain && findPath(host, path.lenient) !== target) return { kind: 'ambiguous' }
      return target === undefined ? { kind: 'none' } : { kind: 'found', target }
    },
  }
}

function group<Target>(routes: Paths<Target>): Map<string, Paths<Target>> {
  const byHost = new Map<string, Route<Target>[]>()
  for (const route of routes) {
    const same = byHost.get(route.host)
    if (same === undefined) byHost.set(route.host, [route])
    else same.push(route)
  }
  return new Map([...byHost].map(([host, list]) => [host, list.toSorted((a, b) => b.path.length - a.path.length)]))
}

function longest<Target>(routes: Paths<Target> | undefined, path: string): Route<Target> | undefined {
  return routes?.find((route) => isBelow(path, route.path))
}
