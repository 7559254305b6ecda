import http from 'node:http'
import https from 'node:https'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { BackendVerdict } from '../../../proxy/contract/calls/doctor'
import { documentWith } from '../../support/fake-engine'
import { freePort } from '../../support/free-port'
import { SELF_SIGNED } from '../../support/self-signed'
import { startTestHost } from '../../support/test-host'

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

async function ask(url: string, options: { verify?: boolean; host?: string } = {}): Promise<BackendVerdict> {
  const { host } = await startTestHost()
  return host.handlers['backend.test']({ url, verify: true, proxyProtocol: 'off', path: '/', ...options })
}

describe('asking a backend', () => {
  test('that answers', async () => {
    const port = await listen(http.createServer(page()))
    const verdict = await ask(`http://127.0.0.1:${port}`)
    expect(verdict).toMatchObject({ verdict: 'ok', status: 200, title: 'Office & wiki' })
    expect(verdict.text).toMatch(/^Answered 200 in \d+ ms\.$/)
  })

  test('by a name', async () => {
    const port = await listen(http.createServer(page()))
    expect(await ask(`http://localhost:${port}`)).toMatchObject({ verdict: 'ok' })
  })

  test('for a host name of its own', async () => {
    let asked: string | undefined
    const port = await listen(
      http.createServer((request, response) => {
        asked = request.headers.host
        response.end()
      }),
    )
    await ask(`http://127.0.0.1:${port}`, { host: 'wiki.office.lan' })
    expect(asked).toBe('wiki.office.lan')
  })

  test('that wants a sign-in is reachable', async () => {
    const port = await listen(http.createServer(page(401)))
    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({
      verdict: 'answers',
      status: 401,
      text: 'Reachable, answers 401 Unauthorized: it asks for a sign-in.',
    })
  })

  test('that has stopped', async () => {
    const port = await freePort()
    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({
      verdict: 'refused',
      text: `Nothing answers on port ${port} at 127.0.0.1: the connection was refused. The machine is up, so the program has probably stopped.`,
    })
  })

  test('whose name is unknown', async () => {
    const verdict = await ask('http://no-such-machine.invalid')
    expect(verdict.verdict).toBe('name-not-found')
    expect(verdict.text).toMatch(/^no-such-machine\.invalid has no address: the name was not found/)
  })

  test('that takes the connection and says nothing, for 2 s', async () => {
    const port = await listen(createServer())
    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({
      verdict: 'timeout',
      text: '127.0.0.1 did not answer within 2 s. It may be switched off, or a firewall drops the request.',
    })
  })

  test('whose certificate is not trusted, until it is accepted', async () => {
    const port = await listen(https.createServer(SELF_SIGNED, page()))
    const refused = await ask(`https://127.0.0.1:${port}`)
    expect(refused).toMatchObject({
      verdict: 'certificate',
      text: 'The certificate of 127.0.0.1 is not trusted: it is self-signed. Accept it if you know this machine, or use plain HTTP.',
    })
    expect(await ask(`https://127.0.0.1:${port}`, { verify: false })).toMatchObject({ verdict: 'ok', status: 200 })
  })

  test('that speaks something else', async () => {
    const port = await listen(createServer((socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n')))
    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({
      verdict: 'not-http',
      text: `What listens on port ${port} at 127.0.0.1 does not speak HTTP.`,
    })
  })

  test('over HTTPS that speaks plain HTTP', async () => {
    const port = await listen(http.createServer(page()))
    expect(await ask(`https://127.0.0.1:${port}`)).toMatchObject({
      verdict: 'not-http',
      text: `Port ${port} at 127.0.0.1 does not speak HTTPS. Try http:// instead.`,
    })
  })

  test('that is the gateway itself', async () => {
    expect(await ask('http://127.0.0.1:8080')).toMatchObject({
      verdict: 'loop',
      text: 'This points back to AstroRelay itself (listener “web”); enter the address of the program behind it.',
    })
  })

  test('by a URL that is none is refused at the field', async () => {
    await expect(ask('wiki')).rejects.toMatchObject({ code: 'AR_INVALID', issues: [{ path: 'url' }] })
  })

  test('whose page has no end gives its answer all the same', async () => {
    const port = await listen(
      http.createServer((_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).write('<p>')),
    )
    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({ verdict: 'ok', title: null })
  })
})

describe('asking for a port', () => {
  test('that is free', async () => {
    const { host } = await startTestHost()
    const port = await freePort()
    expect(await host.handlers['port.test']({ address: '127.0.0.1', port, transport: 'tcp' })).toEqual({
      free: true,
      own: false,
      reason: null,
      holder: null,
      suggestion: null,
    })
  })

  test('that a program has: which, and the next free one', async () => {
    const port = await listen(createServer())
    const { host } = await startTestHost()
    const verdict = await host.handlers['port.test']({ address: '127.0.0.1', port, transport: 'tcp' })
    expect(verdict).toMatchObject({ free: false, own: false, suggestion: expect.any(Number) as number })
    expect(verdict.suggestion).toBeGreaterThan(port)
    if (process.platform === 'linux') {
      expect(verdict.holder?.pid).toBe(process.pid)
      expect(verdict.reason).toBe(`Port ${port} is in use by ${verdict.holder?.name} (pid ${process.pid}).`)
    }
  })

  test('that is the gateway’s own', async () => {
    const { host } = await startTestHost({ stored: documentWith({}, 8123) })
    expect(await host.handlers['port.test']({ address: '0.0.0.0', port: 8123, transport: 'tcp' })).toMatchObject({
      free: false,
      own: true,
      reason: 'Port 8123 is the gateway’s own (listener “web”).',
    })
  })

  test('on an address that is not this machine’s', async () => {
    const { host } = await startTestHost()
    expect(await host.handlers['port.test']({ address: '203.0.113.1', port: await freePort(), transport: 'tcp' })).toMatchObject({
      free: false,
      reason: '203.0.113.1 is not an address of this machine.',
    })
  })
})
