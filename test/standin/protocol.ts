import { EventEmitter } from 'node:events'
import { guard, real } from './guard'
import { world } from './world'

// Chromium cannot be taught a standard scheme over its remote control, so app://bundle/x is served on
// https://bundle.app.localhost/x, by intercepted requests. The app itself only sees app:// addresses.
type SchemeHandler = (request: Request) => Response | Promise<Response>
const schemes = new Set<string>()
const handlers = new Map<string, SchemeHandler>()

/** The address as Chromium sees it. */
export function toPage(url: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
  return schemes.has(scheme.toLowerCase()) ? `https://${host}.${scheme}.localhost${rest || '/'}` : url
}

/** The address as the app sees it. */
export function fromPage(url: string): string {
  const [, host = '', scheme = '', rest = ''] = /^https:\/\/([^/?#]*)\.([a-z][a-z0-9+-]*)\.localhost(.*)$/i.exec(url) ?? []
  return schemes.has(scheme) ? `${scheme}://${host}${rest}` : url
}

export function schemeHandler(url: string): SchemeHandler | undefined {
  return handlers.get(/^([a-z0-9+.-]+):/i.exec(url)?.[1] ?? '')
}

/** What of Chromium's requests is to be paused: those of our schemes, and every page. */
export function requestPatterns(): { urlPattern: string; resourceType?: string }[] {
  return [
    ...[...schemes].map((scheme) => ({ urlPattern: `https://*.${scheme}.localhost/*` })),
    { urlPattern: '*', resourceType: 'Document' },
  ]
}

export const protocol = guard('protocol', {
  registerSchemesAsPrivileged(list: Electron.CustomScheme[]): void {
    if (world.app?.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme } of list) schemes.add(scheme)
  },
  handle(scheme: string, handler: SchemeHandler): void {
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    if (!schemes.has(scheme)) throw new Error('electron stand-in: protocol.handle of a scheme that is not privileged is not implemented')
    handlers.set(scheme, handler)
  },
} satisfies Partial<Electron.Protocol>)

type RequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>
type CheckHandler = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>

/** The handlers are kept to be asked by the specs: which permission a page gets is Chromium's here, not theirs. */
export const permissionHandlers: { request: RequestHandler | null; check: CheckHandler | null } = { request: null, check: null }

/** Who hears of downloads; Chromium itself does them here. */
const downloads = new EventEmitter()

const defaultSession = guard('session', {
  on: ((name: 'will-download', listener: (...args: unknown[]) => void) => void downloads.on(name, listener)) as never,
  setPermissionRequestHandler: (handler: RequestHandler | null) => {
    permissionHandlers.request = handler
  },
  setPermissionCheckHandler: (handler: CheckHandler | null) => {
    permissionHandlers.check = handler
  },
} satisfies Partial<Electron.Session>)

export const session = guard('session', { defaultSession: real<Electron.Session>(defaultSession) } satisfies Partial<
  typeof Electron.session
>)
