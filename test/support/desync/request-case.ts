/** What a client sends, and what may become of it. */
export interface RequestCase {
  readonly name: string
  readonly send: string
  /**
   * `refused`: answered with one of `statuses`, the connection closed, not one byte of it at a backend ·
   * `cut`: the head may have gone ahead of a body that turns out wrong, but no backend ever sees a whole request ·
   * `passed`: exactly `targets` arrive, and the connection stays in step ·
   * `either`: one or the other, where the specification leaves the choice.
   */
  readonly expect: 'refused' | 'cut' | 'passed' | 'either'
  readonly statuses: readonly number[]
  /** The targets a backend may see, in order. */
  readonly targets: readonly string[]
  /** The body of the first request it sees. */
  readonly body: string | undefined
}

export const HOST = 'Host: wiki.test\r\n'
/** What an attacker wants a backend to take for a request of its own. */
export const SMUGGLED = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`

type Options = Partial<Pick<RequestCase, 'statuses' | 'targets' | 'body'>>

export function of(expect: RequestCase['expect'], name: string, send: string, options: Options = {}): RequestCase {
  return {
    name,
    send,
    expect,
    statuses: options.statuses ?? [400],
    targets: options.targets ?? (expect === 'passed' || expect === 'either' ? ['/a'] : []),
    body: options.body,
  }
}

export function get(...fields: string[]): string {
  return `GET /a HTTP/1.1\r\n${HOST}${fields.map((field) => `${field}\r\n`).join('')}\r\n`
}

export function post(fields: readonly string[], body: string): string {
  return `POST /a HTTP/1.1\r\n${HOST}${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`
}

export function chunked(body: string): string {
  return post(['Transfer-Encoding: chunked'], body)
}
