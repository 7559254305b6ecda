import { lookup, type LookupAddress } from 'node:dns'
import http from 'node:http'
import { isIP } from 'node:net'
import type { BackendUrl } from '../../contract/backend-url'
import { elapsed } from '../../contract/clock'
import type { Backend } from '../../contract/config/backend'
import { dialTarget, hostField } from '../../outbound/speaker'
import { dialerTo } from './dialer'

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
  readonly tls: Backend['tls']
  /** What the connection begins with, TLS included; omitted: nothing. */
  readonly head?: Buffer | null
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

/** Asks a web server once, with GET, on a connection of its own. Rejects with a BackendError, the system's error, or NoAnswerError. */
export function ask({ url, addresses, path, host, tls, head = null, timeout }: Question): Promise<Answer> {
  const begun = elapsed()
  return new Promise((resolve, reject) => {
    const request = http.request({
      path: (url.basePath === '/' ? '' : url.basePath) + path,
      createConnection: (_, done) => {
        dialerTo(addresses).dial(dialTarget(url, tls), { timeout, head }, (error, socket) => {
          // A request that has no connection yet does not hear of its own end (lib/_http_client.js, destroy).
          if (socket === null) fail(error ?? new Error('no connection'))
          else done(null, socket)
        })
        return undefined
      },
      headers: { host: host ?? hostField(url), accept: 'text/html,*/*;q=0.5', 'user-agent': 'AstroRelay', connection: 'close' },
    })
    const timer = setTimeout(() => {
      reject(new NoAnswerError(`no answer within ${timeout} ms`))
      request.destroy()
    }, timeout)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      reject(error)
    }
    request.on('error', fail)
    request.on('response', (response) => {
      clearTimeout(timer)
      const latency = Math.max(1, Math.round(elapsed() - begun))
      titleOf(response, (title) => {
        request.destroy()
        resolve({ status: response.statusCode ?? 0, latency, title })
      })
    })
    request.end()
  })
}

/** Gives the page's title, as far as it comes soon; null for anything that is no page. */
function titleOf(response: http.IncomingMessage, done: (title: string | null) => void): void {
  if (!/html/i.test(response.headers['content-type'] ?? '')) return done(null)
  let text = ''
  /** The end of what came before: where `</title>` may have begun. */
  let last = ''
  let over = false
  const finish = (): void => {
    clearTimeout(timer)
    if (over) return
    over = true
    const title = pageTitle(text)
    done(title === '' ? null : title)
  }
  const timer = setTimeout(finish, TITLE_WAIT_MS)
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    text += chunk
    const latest = last + chunk
    last = latest.slice(-'</title'.length)
    if (text.length > TITLE_WITHIN_BYTES || /<\/title>/i.test(latest)) finish()
  })
  response.on('end', finish)
  response.on('error', finish)
}

/** The title of a page, or of as much of it as has come; empty where there is none. */
export function pageTitle(html: string): string {
  const tag = html.search(/<title[\s>/]/i)
  const begin = tag === -1 ? -1 : html.indexOf('>', tag)
  if (begin === -1) return ''
  const end = html.indexOf('<', begin)
  const title = html.slice(begin + 1, end === -1 ? html.length : end)
  return decodeEntities(title.replace(/\s+/g, ' ').trim()).slice(0, 120)
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (all: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? all
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
