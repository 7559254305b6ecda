import http from 'node:http'
import https from 'node:https'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { documentWith } from '../../support/fake-engine'
import { SELF_SIGNED } from '../../support/self-signed'
import { startTestHost } from '../../support/test-host'

// It asks every port of this machine, those of other tests too: see test/vitest.config.ts.

/** Listens on a free port of loopback until the test ends. */
async function listen(server: Server | http.Server | https.Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, host, resolve))
  onTestFinished(() => {
    if (server instanceof http.Server || server instanceof https.Server) server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function page(status = 200, body = '<html><head><title>Office &amp; wiki</title></head></html>'): http.RequestListener {
  return (_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(body)
}

describe('looking for web services', () => {
  test('finds what listens, with title and program, and says what is exposed already', async () => {
    const wiki = await listen(http.createServer(page()))
    const secure = await listen(https.createServer(SELF_SIGNED, page(401, '<title>Vault</title>')))
    const mute = await listen(createServer())
    const { host } = await startTestHost({ stored: documentWith({ wiki }), console: { host: '127.0.0.1', port: 0, named: true } })
    const { found } = await host.handlers['discovery.scan']({})
    const byPort = new Map(found.map((service) => [service.port, service]))
    expect(byPort.get(wiki)).toMatchObject({
      url: `http://127.0.0.1:${wiki}`,
      title: 'Office & wiki',
      status: 200,
      exposedBy: 'wiki',
      ...(process.platform === 'linux' ? { pid: process.pid } : {}),
    })
    expect(byPort.get(secure)).toMatchObject({ url: `https://127.0.0.1:${secure}`, title: 'Vault', status: 401, exposedBy: null })
    expect(byPort.has(mute)).toBe(false)
    expect(byPort.has(Number(new URL(host.console?.origin ?? '').port))).toBe(false)
  })
})
