import { ERRORS, type ErrorCode } from '../../contract/errors'
import type { MaintenancePage } from '../../contract/maintenance-page'
import { escaped } from './escaped'

/** An answer that the gateway itself gives instead of a backend. */
export interface ErrorAnswer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: string
}

/** After how many seconds a client may come back when every backend is down: about as long as a recovery is noticed. */
const RETRY_AFTER_SECONDS = 5

/** Builds an error answer: JSON where the client prefers it, else a small page. It names neither software nor backend. */
export function buildErrorAnswer(code: ErrorCode, ref: string, accept: string | undefined, own?: MaintenancePage): ErrorAnswer {
  const { status, title: usual, meaning } = ERRORS[code]
  const title = own?.title ?? PUBLIC_TITLES[code] ?? usual
  const text = own?.message ?? PUBLIC_MEANINGS[code] ?? meaning
  const until = own === undefined || own.until === null ? undefined : new Date(own.until).toISOString()
  const json = prefersJson(accept)
  const body = json
    ? `${JSON.stringify({ error: { code: code.replace(/^AR_/, '').toLowerCase(), message: text, ...(own === undefined ? {} : { title, ...(until === undefined ? {} : { until }) }), ref } })}\n`
    : page(
        status,
        escaped(title),
        `${escaped(text).replaceAll('\n', '<br>')}${until === undefined ? '' : `</p>\n<p>Expected back by <time datetime="${until}">${until.slice(0, 16).replace('T', ' ')} UTC</time>.`}`,
        ref,
      )
  return {
    status,
    body,
    headers: [
      'Content-Type',
      json ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
      'Content-Length',
      String(Buffer.byteLength(body)),
      'Cache-Control',
      'no-store',
      'X-Request-ID',
      ref,
      ...(status === 503 ? ['Retry-After', String(own?.retryAfter ?? RETRY_AFTER_SECONDS)] : []),
      ...(status === 405 ? ['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'] : []),
    ],
  }
}

/** Likewise of a title that names the software. */
const PUBLIC_TITLES: Partial<Record<ErrorCode, string>> = { AR_INTERNAL: 'Something went wrong' }

/** What outsiders may read where the code's own meaning speaks of what lies behind the gateway. */
const PUBLIC_MEANINGS: Partial<Record<ErrorCode, string>> = {
  AR_NO_SERVICE: 'There is nothing at this address.',
  AR_REFUSED: 'You are not allowed to open this from where you are.',
  AR_SIGN_IN: 'Sign in with the name and the password that you were given.',
  AR_RATE_LIMITED: 'Too many requests came from where you are. Try again later.',
  AR_BODY_TOO_LARGE: 'What you sent is larger than what is accepted here.',
  AR_MAINTENANCE: 'This service is away for a moment. Please try again shortly.',
  AR_BUSY: 'This service has much to do just now. Please try again shortly.',
  AR_UNAVAILABLE: 'This service is away for a moment. Please try again shortly.',
  AR_BACKEND_FAILED: 'The service did not answer. Please try again shortly.',
  AR_BACKEND_LOOP: 'The service did not answer. Please try again shortly.',
  AR_LOOP: 'This address leads round in a circle, so that nobody can answer.',
  AR_BACKEND_TIMEOUT: 'The service took too long to answer. Please try again shortly.',
  AR_INTERNAL: 'Something went wrong here. Please try again.',
  AR_METHOD_REFUSED: 'This method is not accepted here.',
}

/** Whether `Accept` gives JSON a higher quality than HTML (RFC 9110 §12.5.1), or the same and names it first. */
function prefersJson(accept: string | undefined): boolean {
  let [json, html] = [0, 0]
  for (const part of (accept ?? '').toLowerCase().split(',')) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim())
    const quality = Number(/^q=([\d.]+)$/.exec(parameters.find((text) => text.startsWith('q=')) ?? '')?.[1] ?? 1)
    // Of two alike the first one counts, so one that comes later has to be better.
    if (/^application\/(?:[\w.-]+\+)?json$/.test(type) && quality > html) json = Math.max(json, quality)
    if (/^(?:text\/html|application\/xhtml\+xml)$/.test(type) && quality > json) html = Math.max(html, quality)
  }
  return json > html
}

function page(status: number, title: string, meaning: string, ref: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f6f7f9, #14161a); color: light-dark(#1c2026, #e8eaed) }
main { max-width: 32rem; padding: 2rem }
h1 { margin: 0 0 .5rem; font-size: 1.5rem }
p { margin: 0 0 1rem }
small { color: light-dark(#5b6470, #a3abb6) }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${meaning}</p>
<small>${status} · Reference <code>${ref}</code></small>
</main>
</body>
</html>
`
}
