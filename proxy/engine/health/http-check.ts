import { request } from 'node:http'
import type { Socket } from 'node:net'
import type { Service } from '../../contract/config/service'
import type { Backend } from '../backend/backend'
import { dial } from '../backend/dial'

/**
 * Whether the backend answers `GET path` with an expected status within the time-out; answers the reason where it does
 * not. Redirects are not followed. The Host is one that the backend sees in real requests.
 */
export function checkHttp(backend: Backend, service: Service): Promise<string | null> {
  const { timeout } = service.health
  return new Promise((resolve) => {
    const began = performance.now()
    dial({ ...backend.url, verify: backend.config.tls.verify }, backend.dialOptions(timeout), (error, socket) => {
      if (socket === null) return resolve(error?.message ?? 'no connection')
      ask(socket, backend, service, Math.max(1, timeout - (performance.now() - began)), resolve)
    })
  })
}

function ask(socket: Socket, { url }: Backend, service: Service, timeout: number, done: (reason: string | null) => void): void {
  const { health } = service
  const base = url.basePath === '/' ? '' : url.basePath
  const named = service.headers.host === 'preserve' ? service.hosts.find((host) => !host.includes('*')) : undefined
  const own = `${url.host.includes(':') ? `[${url.host}]` : url.host}:${url.port}`
  const finish = (reason: string | null): void => {
    clearTimeout(timer)
    socket.destroy()
    done(reason)
  }
  const timer = setTimeout(() => finish(`no answer in ${Math.round(health.timeout / 100) / 10} s`), timeout)
  const asked = request({ createConnection: () => socket, method: 'GET', path: base + (health.path ?? '/'), headers: { Host: named ?? own, 'User-Agent': 'health-check', Connection: 'close' } })
  asked.on('error', (error: NodeJS.ErrnoException) => finish(error.code?.startsWith('HPE_') === true ? 'the answer is not HTTP' : 'the connection was closed without an answer'))
  asked.on('response', (answer) => {
    answer.on('error', () => undefined)
    const status = answer.statusCode ?? 0
    finish(isExpected(status, health.status) ? null : `answered ${status}, expected ${health.status.replaceAll('-', '–')}`)
  })
  asked.end()
}

/** Whether a status is among codes and ranges such as `200-399,401`. */
export function isExpected(status: number, expected: string): boolean {
  return expected.split(',').some((part) => {
    const [first, last = first] = part.trim().split('-').map(Number)
    return first !== undefined && last !== undefined && status >= first && status <= last
  })
}
