import http from 'node:http'
import { onTestFinished } from 'vitest'

/** A backend whose answers take until the test lets them end. */
export async function slowBackend(): Promise<{ url: string; finish: () => void; asked: () => number }> {
  const waiting: http.ServerResponse[] = []
  const server = http.createServer((request, response) => {
    // A health check.
    if (request.headers['x-forwarded-for'] === undefined) response.end()
    else {
      response.write('first, ')
      waiting.push(response)
    }
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    finish: () => waiting.forEach((response) => response.end('last')),
    asked: () => waiting.length,
  }
}

/** The text of an answer, or null where it was cut. */
export function wholeAnswer(origin: string): Promise<string | null> {
  return new Promise((resolve) => {
    http
      .get(origin, { agent: false }, (answer) => {
        let body = ''
        answer.on('data', (chunk: Buffer) => (body += String(chunk)))
        answer.on('error', () => undefined)
        answer.on('close', () => resolve(answer.complete ? body : null))
      })
      .on('error', () => resolve(null))
  })
}
