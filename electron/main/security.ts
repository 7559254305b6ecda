import { app, session, shell, type WebContents } from 'electron'
import { isOwnPage } from './app-address'

/** Copying an address, after a click; the one thing of these that the pages do. */
const COPY = 'clipboard-sanitized-write'

/**
 * Fences every page in, also one we did not think of: it stays on our own pages, opens nothing, gets no permission.
 * Call it once, when the app is ready and before the first window.
 */
export function fencePagesIn(): void {
  app.on('web-contents-created', (_event, contents) => fenceIn(contents))
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === COPY))
  // What the pages save is made by themselves (an export of the configuration); nothing is fetched from anywhere.
  session.defaultSession.on('will-download', (event, item) => {
    if (!item.getURL().startsWith('blob:')) event.preventDefault()
  })
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission === COPY)
}

function fenceIn(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    void openInBrowser(url)
    return { action: 'deny' }
  })
  // A redirect and a frame are ways out, too (Electron: Security, 13); our pages have neither.
  contents.on('will-navigate', stayHome)
  contents.on('will-redirect', stayHome)
  contents.on('will-frame-navigate', stayHome)
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

function stayHome(event: { readonly url: string; preventDefault(): void }): void {
  if (!isOwnPage(event.url)) event.preventDefault()
}

/** Opens an http(s) address in the default browser; anything else could start a program and is left alone. */
export async function openInBrowser(url: string): Promise<boolean> {
  const protocol = URL.canParse(url) ? new URL(url).protocol : null
  if (protocol !== 'http:' && protocol !== 'https:') return false
  await shell.openExternal(url)
  return true
}
