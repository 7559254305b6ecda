import { readdirSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { answerText, SAFE_HEADERS } from './answer'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** Only our own files run, load and are asked; `style-src-attr` for positions that the interface computes. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Serves the interface's files. What there is, is read once: a name that is not in the list cannot reach any other file
 * whatever it is spelt like, and a later build does not change the page of the gateway that runs. Paths of screens get
 * the page itself.
 */
export function createStaticFiles(directory: string): (pathname: string, head: boolean, response: ServerResponse) => void {
  const files = new Map(
    list(directory).map((file) => [
      `/${path.relative(directory, file).split(path.sep).join('/')}`,
      { type: TYPES[path.extname(file)] ?? 'application/octet-stream', body: readFileSync(file) },
    ]),
  )
  return (pathname, head, response) => {
    const name = pathname === '/' || !path.posix.basename(pathname).includes('.') ? '/index.html' : pathname
    const file = files.get(name)
    if (file === undefined)
      return answerText(
        response,
        404,
        files.size === 0 ? 'The interface has not been built; run npm start.\n' : 'Not found\n',
        'text/plain; charset=utf-8',
      )
    const { type, body } = file
    response.writeHead(200, {
      ...SAFE_HEADERS,
      'content-type': type,
      'content-length': String(body.length),
      'content-security-policy': POLICY,
    })
    response.end(head ? undefined : body)
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() && !entry.name.endsWith('.map') ? [path.join(entry.parentPath, entry.name)] : [],
    )
  } catch {
    return [] // not built: the page says so
  }
}
