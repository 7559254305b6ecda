import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { startBackend } from '../../support/echo-backend'
import { startGateway } from '../../support/gateway'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

const PYTHON = '/usr/bin/python3'
const SIZE = 3_000_000

/**
 * A client behind a thin line: small segments and a small window, which Node cannot ask for. On loopback a window of
 * megabytes would hide for minutes that it reads.
 */
const THIN = `
import socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
s.connect(('127.0.0.1', int(sys.argv[1])))
s.send(b'GET /big.bin HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n')
while True:
    data = s.recv(1024)
    print(len(data), flush=True)
    if not data: break
    time.sleep(0.015)
`

const services: Record<string, () => Promise<Partial<ServiceDocument>>> = {
  'a hosted file': () => {
    const root = tempDirectory()
    writeFileSync(path.join(root, 'big.bin'), Buffer.alloc(SIZE))
    return Promise.resolve({ type: 'files', root })
  },
  'an answer': async () => {
    const backend = await startBackend({ handler: (_, response) => void response.end(Buffer.alloc(SIZE)) })
    onTestFinished(() => backend.stop())
    return { backends: [{ id: 'main', url: backend.url }], health: { type: 'off' } }
  },
}

test.skipIf(!existsSync(PYTHON)).each(Object.entries(services))(
  'a client that takes %s slower than what is held back for it goes in the time for silence is not silent',
  async (_, service) => {
    const gateway = await startGateway()
    onTestFinished(() => gateway.stop())
    await gateway.serve({ id: 'one', timeouts: { idle: '3s' }, ...(await service()) })
    const client = spawn(PYTHON, ['-c', THIN, String(gateway.port)], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void client.kill('SIGKILL'))
    let [taken, over] = [0, false]
    client.stdout.on('data', (lines: Buffer) => {
      for (const line of lines.toString().split('\n')) taken += Number(line)
    })
    void once(client, 'exit').then(() => (over = true))
    const began = performance.now()
    await until('it to have taken for longer than three such times', () => over || performance.now() - began > 10_000, 20_000)
    expect(over).toBe(false)
    expect(taken).toBeGreaterThan(50_000)
    expect(taken).toBeLessThan(900_000)
    expect(await gateway.rows()).toEqual([])
  },
  30_000,
)
