import { elapsed } from '../../contract/clock'
import type { DialTarget } from '../../outbound/dialer'
import { dialerTo } from './dialer'

/** What came of asking a server. `closed`: it ended the connection without an answer; `silent`: it said nothing in time. */
export type Knocked =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unreachable'; readonly reason: string }

export interface Knock {
  /** Its host is the address that is connected to. */
  readonly target: DialTarget
  /** What the connection begins with, before TLS; null: nothing. */
  readonly head: Buffer | null
  /** The whole request; empty: connecting is all. */
  readonly request: string
  readonly timeout: number
}

const LONGEST = 16_384

/** Asks a server once, byte for byte as told, on a connection of its own. */
export function knock({ target, head, request, timeout }: Knock): Promise<Knocked> {
  const began = elapsed()
  return new Promise((resolve) => {
    dialerTo([]).dial(target, { timeout, head }, (error, socket) => {
      // Whoever ends a connection before anything was said has turned it away, as one that wants a PROXY header or TLS does.
      if (socket === null)
        return resolve(error?.kind === 'closed' ? { kind: 'closed' } : { kind: 'unreachable', reason: error?.message ?? '' })
      const finish = (result: Knocked): void => {
        clearTimeout(timer)
        socket.destroy()
        resolve(result)
      }
      const timer = setTimeout(() => finish({ kind: 'silent' }), Math.max(1, timeout - (elapsed() - began)))
      socket.on('error', () => finish({ kind: 'closed' }))
      if (request === '') return finish({ kind: 'answered', status: 0 })
      let heard = ''
      socket.on('data', (bytes: Buffer) => {
        heard += bytes.toString('latin1')
        const status = /^HTTP\/1\.[01] (\d{3})/.exec(heard)?.[1]
        if (status !== undefined) finish({ kind: 'answered', status: Number(status) })
        else if (heard.length > LONGEST || !'HTTP/1.'.startsWith(heard.slice(0, 7))) finish({ kind: 'closed' })
      })
      socket.once('end', () => finish({ kind: 'closed' }))
      socket.once('close', () => finish({ kind: 'closed' }))
      socket.write(request, 'latin1')
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
