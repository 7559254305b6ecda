import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import type { Echo } from './echo-backend'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly trailers: NodeJS.Dict<string>
  readonly text: string
  readonly complete: boolean
}

export interface AskOptions extends RequestOptions {
  readonly body?: string | Buffer
}

/** One request, with any Host and any source address; gives the answer whole. */
export function ask(port: number, path = '/', { body, ...options }: AskOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false, ...options }, (answer) => {
      const chunks: Buffer[] = []
      const finish = (): void =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          rawHeaders: answer.rawHeaders,
          trailers: answer.trailers,
          text: Buffer.concat(chunks).toString('utf8'),
          complete: answer.complete,
        })
      answer.on('data', (chunk: Buffer) => void chunks.push(chunk))
      answer.on('error', finish)
      answer.on('end', finish)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** What the backend saw of a request. */
export async function askEcho(port: number, path = '/', options: AskOptions = {}): Promise<Echo> {
  const answer = await ask(port, path, options)
  if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${answer.text.slice(0, 300)}`)
  return JSON.parse(answer.text) as Echo
}
