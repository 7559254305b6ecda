import type { IncomingMessage, ServerResponse } from 'node:http'

/** Node takes a longer time for 1 ms; 30 days can be set, this is almost 25. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export interface RelayOptions {
  /** Between two pieces of the body, in ms. */
  readonly idle: number
  /** The same for an event stream. */
  readonly streamIdle: number
  readonly onBytes: (count: number) => void
  /** The backend's answer ended before it was complete, or went silent. */
  readonly onCut: (by: 'backend' | 'client', reason: string) => void
}

/**
 * Streams a backend's answer to the client with back-pressure, each piece as it comes, trailers included. An answer that
 * breaks off is never ended properly: the client's connection is cut, so that it cannot be taken for complete.
 */
export function relayAnswer(answer: IncomingMessage, headers: string[], response: ServerResponse, options: RelayOptions): void {
  const idle = Math.min(LONGEST_TIMER_MS, /^text\/event-stream/i.test(answer.headers['content-type'] ?? '') ? options.streamIdle : options.idle)
  const timer = setTimeout(() => {
    // A client that does not read holds the backend back; then it is the client that was silent.
    const client = response.writableNeedDrain
    options.onCut(client ? 'client' : 'backend', `nothing came for ${Math.round(idle / 1000)} s in the middle of the answer`)
  }, idle)
  const alive = (): void => void timer.refresh()

  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', headers)
  // The head goes out at once: an event stream may have its first event minutes later. As latin1, which fields are read
  // in: `flushHeaders()` would write them as UTF-8 and so encode them twice.
  response.write('', 'latin1')
  answer.on('data', (chunk: Buffer) => {
    options.onBytes(chunk.length)
    alive()
  })
  response.on('drain', alive)
  answer.on('end', () => {
    if (!answer.complete) return
    const trailers = pairs(answer.rawTrailers)
    if (trailers.length > 0) response.addTrailers(trailers)
    response.end()
  })
  answer.on('error', () => options.onCut('backend', 'the connection was closed in the middle of the answer'))
  answer.on('aborted', () => options.onCut('backend', 'the connection was closed in the middle of the answer'))
  response.on('close', () => clearTimeout(timer))
  answer.pipe(response, { end: false })
}

/** Trailers must not frame or route a message after the fact (RFC 9110 §6.5.1). */
function pairs(raw: readonly string[]): [string, string][] {
  const result: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (!/^(transfer-encoding|content-length|host|trailer|connection|set-cookie|location|content-encoding|content-type|content-range|server|via|x-powered-by)$/i.test(name)) result.push([name, raw[index + 1] ?? ''])
  }
  return result
}
