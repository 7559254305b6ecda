import { createHash } from 'node:crypto'
import { type Agent, request } from 'node:http'
import { GATEWAY, VISITOR, WEB_PORT } from './places'

export interface Question {
  readonly host?: string
  readonly path?: string
  readonly method?: string
  readonly port?: number
  readonly from?: string
  readonly headers?: Readonly<Record<string, string | number>>
  readonly auth?: string
  readonly body?: Buffer | string
  /** Omitted: a connection of its own. */
  readonly agent?: Agent
  readonly patience?: number
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly bytes: number
  readonly hash: string
  /** The first of the body. */
  readonly text: string
}

const TEXT_BYTES = 64 * 1024

/** Asks the gateway, or its console; fails where the answer does not come whole. */
export function ask(question: Question): Promise<Reply> {
  const { host, headers, body, agent, patience = 30_000, from = VISITOR, port = WEB_PORT, ...rest } = question
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: GATEWAY,
        port,
        localAddress: from,
        agent: agent ?? false,
        ...rest,
        headers: { ...(host === undefined ? {} : { host }), ...headers },
      },
      (response) => {
        const hash = createHash('sha256')
        let bytes = 0
        let text = ''
        response.on('data', (chunk: Buffer) => {
          hash.update(chunk)
          bytes += chunk.length
          if (text.length < TEXT_BYTES && port !== WEB_PORT) text += String(chunk)
        })
        response.on('error', reject)
        response.on('end', () => {
          clearTimeout(timer)
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, hash: hash.digest('hex'), text })
        })
      },
    )
    const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${patience / 1_000} s`)), patience)
    asked.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    asked.end(body)
  })
}
