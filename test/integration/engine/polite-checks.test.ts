import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import path from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { freePort } from '../../support/free-port'
import { startGateway, type Gateway } from '../../support/gateway'
import { SELF_SIGNED } from '../../support/self-signed'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

/** A check is a visitor, too: it takes its leave so that no server notes an error, or shuts the gateway out. */
let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.stop())

type Health = NonNullable<ServiceDocument['health']>

/** Watches one backend until it was checked `times` times, and gives what is known of it then. */
async function check(url: string, health: Health, times: number) {
  const port = await freePort()
  const type = url.startsWith('tcp:') ? ('tcp' as const) : ('http' as const)
  await gateway.load({
    version: 1,
    listeners: [{ id: 'own', address: '127.0.0.1', port, protocol: type === 'tcp' ? 'tcp' : 'http' }],
    services: [
      {
        id: 'one',
        type,
        listeners: ['own'],
        health: { timeout: '5s', ...health },
        backends: [{ id: 'main', url, tls: { verify: false } }],
      },
    ],
  })
  const known = async () => (await gateway.status()).services[0]?.backends[0]
  for (let n = 0; n < times; n++) {
    const before = (await known())?.lastCheck?.at ?? 0
    if (n > 0) await gateway.call('backend.check', { service: 'one', backend: 'main' })
    await until('the check to be through', async () => ((await known())?.lastCheck?.at ?? 0) > before)
  }
  return known()
}

function program(command: string, args: readonly string[]): { child: ChildProcess; log: () => string } {
  let text = ''
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const gone = new Promise((resolve) => void child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill()
    await gone
  })
  return { child, log: () => text }
}

test.skipIf(!existsSync('/usr/sbin/sshd'))('SSH: sshd notes visits that are over, and no broken key exchange', async () => {
  const folder = tempDirectory()
  const key = path.join(folder, 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  mkdirSync('/run/sshd', { recursive: true })
  const port = await freePort()
  const settings = [`Port=${port}`, 'ListenAddress=127.0.0.1', `HostKey=${key}`, 'PidFile=none', 'UsePAM=no', 'LogLevel=VERBOSE']
  const { log } = program('/usr/sbin/sshd', ['-D', '-e', '-f', '/dev/null', ...settings.flatMap((setting) => ['-o', setting])])
  await until('sshd to listen', () => log().includes('Server listening'))
  expect(await check(`tcp://127.0.0.1:${port}`, { expect: 'ssh' }, 3)).toMatchObject({ health: 'up', reason: null })
  await until('sshd to have noted them', () => log().split('Received disconnect').length > 3)
  // Who merely opens a connection has looked once what is spoken there, and leaves in the same way.
  expect(await check(`tcp://127.0.0.1:${port}`, { type: 'tcp' }, 3)).toMatchObject({ health: 'up', reason: null })
  await until('sshd to have noted these, too', () => log().split('Received disconnect').length > 6)
  expect(log()).not.toMatch(/error|kex_exchange_identification|banner|Bad packet|Corrupted/i)
})

test.skipIf(!existsSync('/usr/sbin/mariadbd'))(
  'MySQL: no handshake is broken off, so that the server never shuts the gateway out',
  async () => {
    const folder = tempDirectory()
    const port = await freePort()
    const data = path.join(folder, 'data')
    const socket = path.join(folder, 'sock')
    const common = ['--no-defaults', `--datadir=${data}`, '--user=root', '--skip-log-bin']
    execFileSync('mariadb-install-db', [...common, '--auth-root-authentication-method=normal', '--skip-test-db'], { stdio: 'ignore' })
    const { log } = program('/usr/sbin/mariadbd', [
      ...common,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${socket}`,
      '--log-warnings=4',
    ])
    await until('mariadbd to listen', () => log().includes('ready for connections'), 25_000)
    for (const health of [{ expect: 'mysql' as const }, { type: 'tcp' as const }])
      expect(await check(`tcp://127.0.0.1:${port}`, health, 4)).toMatchObject({ health: 'up', reason: null })
    // Every one of them went through the handshake to its refusal; what is broken off is counted elsewhere, and noted otherwise.
    await until('the last refusal', () => log().split('Access denied for user').length > 7)
    expect(log()).not.toMatch(/Got an error reading|Got timeout|unauthenticated.*This connection closed normally without authentication/)
  },
)

test('TLS: a handshake is gone through and ended, by a check of a greeting and by one of an https backend', async () => {
  const heard: string[] = []
  const server = createTlsServer(SELF_SIGNED, (socket) => {
    socket.on('end', () => heard.push('end'))
    socket.on('error', (error) => heard.push(error.message))
    socket.resume()
  })
  server.on('tlsClientError', (error) => heard.push(error.message))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  expect(await check(`tcp://127.0.0.1:${port}`, { expect: 'tls' }, 2)).toMatchObject({ health: 'up', reason: null })
  expect(await check(`https://127.0.0.1:${port}`, { type: 'tcp' }, 2)).toMatchObject({ health: 'up', reason: null })
  await until('all of them to have taken leave', () => heard.length >= 4)
  expect(new Set(heard)).toEqual(new Set(['end']))
})

test('whatever speaks first is read, so that no check ends in a reset', async () => {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.write('220 mail.test ESMTP\r\n')
    socket.on('error', (error: NodeJS.ErrnoException) => heard.push(error.code ?? ''))
    socket.on('end', () => {
      heard.push('end')
      socket.end('221 bye\r\n')
    })
    socket.resume()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  expect(await check(`tcp://127.0.0.1:${port}`, { type: 'tcp' }, 3)).toMatchObject({ health: 'up' })
  await until('them to have taken leave', () => heard.length >= 3)
  expect(new Set(heard)).toEqual(new Set(['end']))
})

test('a MySQL server that shuts the gateway out says so in its own words', async () => {
  const words = "Host '10.0.0.5' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'"
  const payload = Buffer.concat([Buffer.from([0xff, 0x69, 0x04]), Buffer.from(words)])
  const header = Buffer.from([payload.length, 0, 0, 0])
  const server = createServer((socket) => void socket.end(Buffer.concat([header, payload])))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const known = await check(`tcp://127.0.0.1:${port}`, { expect: 'mysql', fall: 1 }, 1)
  expect(known).toMatchObject({ health: 'down', reason: expect.stringContaining('it refuses connections: Host') })
})
