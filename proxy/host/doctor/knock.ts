import { connect, isIP, type Socket } from 'node:net'
import { connect as secure } from 'node:tls'
import type { BackendUrl } from '../../contract/backend-url'

/** What came of asking a server. `closed`: it ended the connection without an answer; `silent`: it said nothing in time. */
export type Knocked =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unreachable'; readonly reason: string }

export interface Knock {
  readonly url: BackendUrl
  /** The address that is connected to: one of the URL's host. */
  readonly address: string
  readonly verify: boolean
  /** What the connection begins with, before TLS. */
  readonly preface: string
  /** The whole request; empty: connecting is all. */
  readonly request: string
  readonly timeout: number
}

const LONGEST = 16_384
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'the machine cannot be reached',
  ENETUNREACH: 'there is no way to its network',
  EHOSTDOWN: 'the machine is down',
  ETIMEDOUT: 'no answer to the connection attempt',
}

/** Asks a server once, byte for byte as told, on a connection of its own. */
export function knock({ url, address, verify, preface, request, timeout }: Knock): Promise<Knocked> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: url.port })
    let current: Socket = socket
    let connected = false
    let heard = ''
    const timer = setTimeout(
      () => finish(connected ? { kind: 'silent' } : { kind: 'unreachable', reason: 'no answer to the connection attempt' }),
      timeout,
    )
    const finish = (result: Knocked): void => {
      clearTimeout(timer)
      socket.destroy()
      current.destroy()
      resolve(result)
    }
    const onError = (error: NodeJS.ErrnoException): void => {
      const code = error.code ?? error.message
      finish(connected && /ECONNRESET|EPIPE/.test(code) ? { kind: 'closed' } : { kind: 'unreachable', reason: WORDS[code] ?? code })
    }
    const ask = (): void => {
      if (request === '') return finish({ kind: 'answered', status: 0 })
      current.on('data', (bytes: Buffer) => {
        heard += bytes.toString('latin1')
        const status = /^HTTP\/1\.[01] (\d{3})/.exec(heard)?.[1]
        if (status !== undefined) finish({ kind: 'answered', status: Number(status) })
        else if (heard.length > LONGEST || !'HTTP/1.'.startsWith(heard.slice(0, 7))) finish({ kind: 'closed' })
      })
      current.once('end', () => finish({ kind: 'closed' }))
      current.once('close', () => finish({ kind: 'closed' }))
      current.write(request, 'latin1')
    }
    socket.on('error', onError)
    socket.once('connect', () => {
      connected = true
      if (preface !== '') socket.write(preface, 'latin1')
      if (!url.secure) return ask()
      const wrapped = secure({
        socket,
        servername: isIP(url.host) === 0 ? url.host : '',
        host: url.host,
        rejectUnauthorized: verify,
        ALPNProtocols: ['http/1.1'],
      })
      current = wrapped
      wrapped.on('error', onError)
      wrapped.once('secureConnect', ask)
    })
  })
}

/** What came of it in words. */
export function knockedWords(result: Knocked): string {
  if (result.kind === 'answered') return result.status === 0 ? 'connected' : `answered ${result.status}`
  if (result.kind === 'unreachable') return result.reason
  return result.kind === 'closed' ? 'closed the connection' : 'did not answer'
}

/** Whether a server turned whoever asked away. */
export function isRefusal(result: Knocked): boolean {
  if (result.kind === 'answered')
    return result.status === 401 || result.status === 403 || result.status === 404 || result.status === 421 || result.status === 400
  return result.kind === 'closed'
}
