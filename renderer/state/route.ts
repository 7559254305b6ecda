import { createStore } from './store'

/** What can be exposed, as people call it; a machine is a port of TCP or UDP. */
export const EXPOSE_KINDS = ['web', 'files', 'machine', 'redirect'] as const
export type ExposeKind = (typeof EXPOSE_KINDS)[number]

/** A screen and what it shows. */
export type Route =
  | { readonly screen: 'services' }
  | { readonly screen: 'service'; readonly id: string }
  | { readonly screen: 'edit'; readonly id: string }
  /** A new service; `folder`: the one to host. */
  | { readonly screen: 'expose'; readonly url: string; readonly name: string; readonly kind?: ExposeKind; readonly folder?: string }
  | { readonly screen: 'first-run' }
  /** `of`: a list's id, or a ready-made list's name behind a tilde: `~blocked`, `~lan`. */
  | { readonly screen: 'access'; readonly of: string }
  | { readonly screen: 'activity' }
  /** `service`: whose guide; empty: every backend. */
  | { readonly screen: 'lockdown'; readonly service: string }
  | { readonly screen: 'settings' }

/** The screen of this window; it lies in the address's fragment, so that reloading and going back work. */
export const routeStore = createStore<Route>(parseRoute(window.location.hash))

window.addEventListener('hashchange', () => routeStore.set(parseRoute(window.location.hash)))

/** Shows a screen. `replace`: going back skips the one that is shown now. */
export function navigate(route: Route, options: { readonly replace?: boolean } = {}): void {
  if (options.replace) {
    window.history.replaceState(null, '', formatRoute(route))
    routeStore.set(route)
  } else window.location.hash = formatRoute(route)
}

/** The route that a fragment or a path of the tray (`/services/wiki`) stands for; anything unknown is the services. */
export function parseRoute(text: string): Route {
  const [path = '', query = ''] = text.replace(/^#/, '').split('?')
  const [first, second, third] = path.split('/').filter(Boolean).map(decode)
  if (first === 'services' && second !== undefined) return { screen: third === 'edit' ? 'edit' : 'service', id: second }
  if (first === 'expose') {
    const asked = new URLSearchParams(query)
    const kind = EXPOSE_KINDS.find((known) => known === asked.get('kind'))
    const folder = asked.get('folder')
    return {
      screen: 'expose',
      url: asked.get('url') ?? '',
      name: asked.get('name') ?? '',
      ...(kind === undefined ? {} : { kind }),
      ...(folder === null ? {} : { folder }),
    }
  }
  if (first === 'access') return { screen: 'access', of: second ?? '' }
  if (first === 'lockdown') return { screen: 'lockdown', service: second ?? '' }
  if (first === 'activity' || first === 'first-run' || first === 'settings') return { screen: first }
  return { screen: 'services' }
}

/** The fragment of a route, for links. */
export function formatRoute(route: Route): string {
  if (route.screen === 'service') return `#/services/${encodeURIComponent(route.id)}`
  if (route.screen === 'edit') return `#/services/${encodeURIComponent(route.id)}/edit`
  if (route.screen === 'access') return route.of === '' ? '#/access' : `#/access/${encodeURIComponent(route.of)}`
  if (route.screen === 'lockdown') return route.service === '' ? '#/lockdown' : `#/lockdown/${encodeURIComponent(route.service)}`
  if (route.screen !== 'expose') return `#/${route.screen}`
  const asked = Object.entries({ kind: route.kind ?? '', url: route.url, name: route.name, folder: route.folder ?? '' }).filter(
    ([, value]) => value !== '',
  )
  return asked.length === 0 ? '#/expose' : `#/expose?${new URLSearchParams(asked).toString()}`
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A stray % in a hand-written address: the part as it stands names no service, and the screen says so.
    return part
  }
}
