import { lookup, type LookupAddress } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import type { BackendUrl } from '../../contract/backend-url'

/** A page's title lies near its beginning. */
const TITLE_WITHIN_BYTES = 64 * 1024
const TITLE_WAIT_MS = 400

export interface Question {
  readonly url: BackendUrl
  readonly addresses: readonly LookupAddress[]
  /** Below the URL's base path. */
  readonly path: string
  /** The Host that is asked for; omitted: the URL's own. */
  readonly host?: string | undefined
  readonly verify: boolean
  /** For connection and first byte of the answer, in ms. */
  readonly timeout: number
}

export interface Answer {
  readonly status: number
  /** To the answer's head, in ms. */
  readonly latency: number
  readonly title: string | null
}

/** The time was over before an answer came. */
export class NoAnswerError extends Error {}

/** Every address of a host name, or of an address itself. Rejects with the resolver's error, or NoAnswerError after `timeout` ms. */
export function resolveHost(host: string, timeout: number): Promise<LookupAddress[]> {
  const family = isIP(host)
  if (family !== 0) return Promise.resolve([{ address: host, family }])
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoAnswerError('no answer from the name server')), timeout)
    lookup(host, { all: true }, (error, addresses) => {
      clearTimeout(timer)
      if (error) reject(error)
      else resolve(addresses)
    })
  })
}

/** Asks a web server once, with GET, on a connection of its own. Rejects with the system's error, or NoAnswerError. */
export function ask(question: Question): Promise<Answer> {
  const { url, timeout } = question
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const request = (url.secure ? https : http).request({
      agent: false,
      host: url.host,
      port: url.port,
      path: (url.basePath === '/' ? '' : url.basePath) + question.path,
      lookup: (_host, options, done) => {
        const first = question.addresses[0]
        if (options.all) done(null, [...question.addresses])
        else done(null, first?.address ?? url.host, first?.family)
      },
      ...(url.secure ? { rejectUnauthorized: question.verify, ...(isIP(url.host) === 0 ? { servername: url.host } : {}) } : {}),
      headers: { host: question.host ?? hostField(url), accept: 'text/html,*/*;q=0.5', 'user-agent': 'AstroRelay', connection: 'close' },
    })
    const timer = setTimeout(() => {
      reject(new NoAnswerError(`no answer within ${timeout} ms`))
      request.destroy()
    }, timeout)
    request.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    request.on('response', (response) => {
      clearTimeout(timer)
      const latency = Math.max(1, Math.round(performance.now() - begun))
      titleOf(response, (title) => {
        request.destroy()
        resolve({ status: response.statusCode ?? 0, latency, title })
      })
    })
    request.end()
  })
}

function hostField({ host, port, secure }: BackendUrl): string {
  const name = host.includes(':') ? `[${host}]` : host
  return port === (secure ? 443 : 80) ? name : `${name}:${port}`
}

/** Gives the page's title, as far as it comes soon; null for anything that is no page. */
function titleOf(response: http.IncomingMessage, done: (title: string | null) => void): void {
  if (!/html/i.test(response.headers['content-type'] ?? '')) return done(null)
  let text = ''
  let over = false
  const finish = (): void => {
    clearTimeout(timer)
    if (over) return
    over = true
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.replace(/\s+/g, ' ').trim()
    done(title ? decodeEntities(title).slice(0, 120) : null)
  }
  const timer = setTimeout(finish, TITLE_WAIT_MS)
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    text += chunk
    if (text.length > TITLE_WITHIN_BYTES || /<\/title>/i.test(text)) finish()
  })
  response.on('end', finish)
  response.on('error', finish)
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (all: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? all
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
