import { protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileOf } from './app-address'

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** The page may load its own files and nothing else; it talks to the host over IPC, so it needs no connection at all. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Makes `app://` a secure standard scheme with an origin of its own, unlike `file://`. Only before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }])
}

/** Serves the files below `directory` as `app://bundle/…`. */
export function serveAppScheme(directory: string): void {
  protocol.handle('app', async (request) => {
    const file = fileOf(request.url, directory)
    // Electron's `fs` reads from inside the archive of a packaged app. A file that is not there is an answer.
    const content = file === null ? null : await readFile(file).catch(() => null)
    if (file === null || content === null) return new Response('not found', { status: 404, headers: { 'content-type': 'text/plain' } })
    return new Response(new Uint8Array(content), {
      headers: {
        'content-type': MEDIA_TYPES[path.extname(file)] ?? 'application/octet-stream',
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    })
  })
}
