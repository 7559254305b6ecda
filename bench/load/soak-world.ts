import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import { hashPassword } from '../../proxy/host/hash-password'
import { freePort } from '../engine'
import { startSoakBackend } from './soak-backend'

export const FILE_BYTES = 300_000
export const PASSWORD = 'soak and rinse'

export interface SoakPorts {
  readonly web: number
  readonly tcp: number
  readonly udp: number
}

/** Everything that stands behind the gateway, and the documents that change what it does while it serves. */
export interface SoakWorld {
  readonly ports: SoakPorts
  /** The document of the `turn`-th save: backends are taken out and brought back, weights, names and rules change. */
  document(turn: number): ConfigDocument
  stop(): void
}

export async function startSoakWorld(): Promise<SoakWorld> {
  const [first, second] = [await startSoakBackend(), await startSoakBackend()]
  const echo = await tcpEcho()
  const datagrams = await udpEcho()
  const folder = mkdtempSync(path.join(os.tmpdir(), 'soak-'))
  writeFileSync(path.join(folder, 'page.bin'), Buffer.alloc(FILE_BYTES, 'f'))
  const hash = await hashPassword(PASSWORD)
  const ports = { web: await freePort(), tcp: await freePort(), udp: await freePort() }
  const one = [{ id: 'main', url: first.url }]
  return {
    ports,
    document: (turn) => ({
      version: 1,
      listeners: [
        { id: 'web', address: '127.0.0.1', port: ports.web },
        { id: 'tcp', address: '127.0.0.1', port: ports.tcp, protocol: 'tcp' },
        { id: 'udp', address: '127.0.0.1', port: ports.udp, protocol: 'udp' },
      ],
      services: [
        {
          id: 'soak',
          name: `Soak ${turn}`,
          health: { path: '/', interval: '1s', timeout: '1s' },
          backends: [
            {
              id: 'a',
              url: first.url,
              weight: 1 + (turn % 3),
              state: (['active', 'draining', 'active', 'maintenance'] as const)[turn % 4] ?? 'active',
            },
            { id: 'b', url: second.url, state: turn % 2 === 0 ? 'maintenance' : 'active' },
          ],
        },
        {
          id: 'narrow',
          hosts: ['narrow.test'],
          health: { type: 'off' },
          queue: { length: 100, wait: '25s' },
          backends: [{ id: 'main', url: first.url, maxConnections: 1 + (turn % 3) }],
        },
        { id: 'files', type: 'files', hosts: ['files.test'], root: folder, listing: true },
        { id: 'sign-in', hosts: ['sign-in.test'], backends: one, basicAuth: { users: [{ name: 'anna', hash }] } },
        {
          id: 'locked',
          hosts: ['locked.test'],
          backends: one,
          lockdown: { secretHeader: { value: `secret-${turn % 5}` } },
          headers: { response: { set: { 'X-Turn': String(turn) } } },
        },
        { id: 'refused', hosts: ['refused.test'], backends: one, access: { rules: [{ action: 'deny', from: 'loopback' }] } },
        { id: 'tcp', type: 'tcp', listeners: ['tcp'], backends: [{ id: 'main', url: `tcp://127.0.0.1:${echo.port}` }] },
        {
          id: 'udp',
          type: 'udp',
          listeners: ['udp'],
          timeouts: { idle: '2s' },
          backends: [{ id: 'main', url: `udp://127.0.0.1:${datagrams.port}` }],
        },
      ],
      blocked: Array.from({ length: turn % 4 }, (_, n) => ({ from: `203.0.113.${n}` })),
      settings: { limits: { connections: 100_000, connectionsPerClient: 10_000 } },
    }),
    stop() {
      first.stop()
      second.stop()
      echo.stop()
      datagrams.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function tcpEcho(): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

async function udpEcho(): Promise<{ port: number; stop(): void }> {
  const socket = createSocket('udp4')
  socket.on('message', (bytes, { port, address }) => socket.send(bytes, port, address))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, stop: () => void socket.close() }
}
