import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { ServiceDocument } from '../../proxy/contract/config/service'
import type { Proof } from '../../proxy/contract/lockdown-api'
import { ask, type Answer } from './ask'
import { serve, type Served } from './cli'
import { freePort } from './free-port'
import { tempDirectory } from './temp-directory'

interface Locked {
  readonly url: string
  readonly port: number
  /** Values of the header that let a request in; null: everybody is let in. */
  accepts: string[] | null
  /** What it saw of each request that it answered. */
  readonly seen: IncomingMessage['headers'][]
}

/** A server that asks for the secret, once it is told to. */
export async function lockable(): Promise<Locked> {
  const seen: IncomingMessage['headers'][] = []
  const server = createServer((request, response) => {
    const key = request.headers['x-astrorelay-key']
    const refused = backend.accepts !== null && (typeof key !== 'string' || !backend.accepts.includes(key))
    if (!refused) seen.push(request.headers)
    response.writeHead(refused ? 403 : 200).end(refused ? '' : 'inside')
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const backend: Locked = { url: `http://127.0.0.1:${port}`, port, accepts: null, seen }
  return backend
}

interface Running {
  readonly gateway: Served
  readonly port: number
  readonly data: string
  readonly at: readonly string[]
}

export async function run(service: Partial<ServiceDocument>, listener: object = {}): Promise<Running> {
  const data = tempDirectory()
  const port = await freePort()
  writeFileSync(
    path.join(data, 'config.json'),
    JSON.stringify({
      version: 1,
      listeners: [{ id: 'web', address: '127.0.0.1', port, ...listener }],
      services: [{ id: 'wiki', name: 'Office wiki', ...service }],
    }),
  )
  return { gateway: await serve(data), port, data, at: ['--data', data] }
}

export async function call<Result>(gateway: Served, method: string, target: string, body?: unknown): Promise<Result> {
  const answer = await gateway.api(method, target, body)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${text}`)
  return JSON.parse(text) as Result
}

export interface Secret {
  readonly secret: { readonly header: string; readonly value: string }
}

export const documentOf = (gateway: Served): Promise<ConfigDocument> => call(gateway, 'GET', '/config')
export const proofOf = async (gateway: Served): Promise<Proof> =>
  (await call<{ backends: { proof: Proof }[] }>(gateway, 'POST', '/services/wiki/lockdown/verify')).backends[0]?.proof ??
  expect.fail('no proof')
export const visit = (port: number, headers = {}): Promise<Answer> => ask(port, '/', { headers })
