import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { tempDirectory } from './temp-directory'
import { startTestHost, type TestHost } from './test-host'

export const ANY_PORT = { host: '127.0.0.1', port: 0, named: true } as const

interface Console extends TestHost {
  readonly origin: string
  readonly token: string
  readonly rendererDirectory: string
  /** A call of the automation API with the token. */
  readonly api: (method: string, target: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Response>
}

export async function startConsole(): Promise<Console> {
  const rendererDirectory = tempDirectory()
  mkdirSync(path.join(rendererDirectory, 'assets'))
  writeFileSync(path.join(rendererDirectory, 'index.html'), '<title>AstroRelay</title>')
  writeFileSync(path.join(rendererDirectory, 'assets/app.js'), 'run()')
  const test = await startTestHost({ console: ANY_PORT, rendererDirectory })
  const origin = test.host.console?.origin ?? ''
  const token = readFileSync(path.join(test.data, 'console-token'), 'utf8').trim()
  const api: Console['api'] = (method, target, body, headers = {}) =>
    fetch(`${origin}/api/v1${target}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  return { ...test, origin, token, rendererDirectory, api }
}

/** A request whose Host, path and method `fetch` would not send as they are. */
export function raw(
  origin: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path: target, method, headers, setHost: !('host' in headers) }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('error', reject)
    request.end()
  })
}
