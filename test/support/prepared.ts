import { writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { Status } from '../../proxy/contract/status'
import type { Served } from './cli'
import { freePort } from './free-port'
import { tempDirectory } from './temp-directory'

/** A backend that answers its own name. */
export async function backend(name: string): Promise<string> {
  const server = http.createServer((_request, response) => response.end(name))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A document with one listener of loopback and, if wished, a service behind it. */
export function documentOf(port: number, url?: string): ConfigDocument {
  return {
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: url === undefined ? [] : [{ id: 'wiki', backends: [{ id: 'main', url }] }],
  }
}

/** A data directory whose store has a listener on a free port and, if wished, a service. */
export async function prepared(url?: string): Promise<{ data: string; port: number; origin: string }> {
  const data = tempDirectory()
  const port = await freePort()
  writeFileSync(path.join(data, 'config.json'), JSON.stringify(documentOf(port, url)))
  return { data, port, origin: `http://127.0.0.1:${port}` }
}

/** What the gateway says of itself. */
export async function statusOf(gateway: Served): Promise<Status> {
  return (await (await gateway.api('GET', '/status')).json()) as Status
}

/** The body of an answer, over a connection of its own. */
export async function text(url: string): Promise<string> {
  return (await fetch(url, { headers: { connection: 'close' } })).text()
}

/** What the gateway answers, or null while it does not. */
export function tryText(url: string): Promise<string | null> {
  return text(url).catch(() => null)
}
