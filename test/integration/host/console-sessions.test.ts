import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import path from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ConsoleSession } from '../../../proxy/contract/calls/sessions'
import { EventStream } from '../../../proxy/host/console/event-stream'
import { EventHub } from '../../../proxy/host/event-hub'
import { buildOnce } from '../../support/build-once'
import { cli, serve } from '../../support/cli'
import { prepared } from '../../support/prepared'
import { startConsole } from '../../support/test-console'
import { until } from '../../support/until'

/** Signs a browser in; gives its key. */
async function signIn(origin: string, link: string): Promise<string> {
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Browser/1' },
    body: JSON.stringify({ token: new URLSearchParams(new URL(link).hash.slice(1)).get('token') }),
  })
  return ((await answer.json()) as { key: string }).key
}

describe('browsers that are signed in', () => {
  test('are listed, and signed out at once, with the events they hear', async () => {
    const { origin, api, host } = await startConsole()
    const key = await signIn(origin, host.console?.signInLink() ?? '')
    const asBrowser = (target: string): Promise<Response> =>
      fetch(`${origin}/api/v1${target}`, { headers: { authorization: `Bearer ${key}` } })
    const [session, ...more] = (await (await api('GET', '/sessions')).json()) as ConsoleSession[]
    expect([session?.browser, more]).toEqual(['Browser/1', []])
    const stream = await asBrowser('/events')
    const ended = (async () => {
      for await (const chunk of stream.body ?? []) expect(chunk).toBeDefined()
    })().catch(() => undefined)
    expect((await api('DELETE', `/sessions/${session?.id ?? ''}`)).status).toBe(200)
    await ended
    expect((await asBrowser('/config')).status).toBe(401)
    expect((await api('DELETE', `/sessions/${session?.id ?? ''}`)).status).toBe(404)
  })

  test('wrong tokens and links are told to wait, and the right ones pass all the same', async () => {
    const { origin, api } = await startConsole()
    const statuses: number[] = []
    for (let n = 0; n < 40; n++)
      statuses.push((await fetch(`${origin}/api/v1/config`, { headers: { authorization: `Bearer wrong${n}` } })).status)
    expect([statuses.filter((status) => status === 401).length, statuses.at(-1)]).toEqual([30, 429])
    expect((await api('GET', '/config')).status).toBe(200)
  })
})

/** A server whose every answer is a stream of events. */
async function streaming(): Promise<{ hub: EventHub; port: number; open: () => number }> {
  const hub = new EventHub()
  const events = new EventStream(hub, () => undefined)
  let open = 0
  const server = createServer((_request, response) => {
    try {
      events.add(response, () => null)
      open += 1
      response.on('close', () => (open -= 1))
    } catch (error) {
      response.writeHead(503).end(String(error))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    events.stop()
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { hub, port: typeof address === 'object' && address !== null ? address.port : 0, open: () => open }
}

describe('consoles that listen', () => {
  test('one that does not read is dropped before it costs memory, and one that reads hears on', async () => {
    const { hub, port, open } = await streaming()
    const [silent, reader] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
    onTestFinished(() => [silent, reader].forEach((socket) => void socket.destroy()))
    silent.pause()
    let heard = 0
    reader.on('data', (chunk: Buffer) => (heard += chunk.length))
    for (const socket of [silent, reader]) socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until('both', () => open() === 2)
    const text = 'x'.repeat(256 * 1024)
    for (let n = 0; open() === 2 && n < 200; n++) {
      const before = heard
      hub.emit('notice', { id: String(n), at: 0, level: 'info', title: 'News', text })
      await until('the reader', () => heard >= before + text.length)
    }
    expect(open()).toBe(1)
  })

  test('are 64 at most', async () => {
    const { port, open } = await streaming()
    const sockets = Array.from({ length: 64 }, () => connect(port, '127.0.0.1'))
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()))
    for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until('all', () => open() === 64)
    const refused = await fetch(`http://127.0.0.1:${port}/`)
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('64 programs and windows listen already')])
    sockets[0]?.destroy()
    await until('one to be gone', () => open() === 63)
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200)
  })
})

describe('the sign-in link', () => {
  beforeAll(buildOnce, 120_000)

  test('is not written into a journal, which is told how to get one; all browsers are signed out by a command', async () => {
    const { data } = await prepared()
    const gateway = await serve(data)
    const { out } = await cli('link', '--data', data)
    const key = await signIn(gateway.origin, out.trim())
    const status = async (): Promise<number> =>
      (await fetch(`${gateway.origin}/api/v1/config`, { headers: { authorization: `Bearer ${key}` } })).status
    expect(await status()).toBe(200)
    expect(await cli('link', '--revoke-all', '--data', data)).toMatchObject({ code: 0, out: 'Signed out: 1 browser.\n' })
    expect(await status()).toBe(401)
    const told = gateway.out() + gateway.err()
    expect(told).toContain(`console: ${gateway.origin}/ (astrorelay link prints a link to sign in)\n`)
    expect(told).not.toContain('token=')
  })

  test.skipIf(!hasScript())('is shown to whoever starts the gateway at a terminal', async () => {
    const { data } = await prepared()
    const command = [process.execPath, path.resolve('out/cli.js'), 'serve', '--data', data, '--console', '127.0.0.1:0']
    // script(1) of util-linux gives the command a terminal of its own.
    const child = spawn('script', ['-qec', command.map((word) => `'${word}'`).join(' '), '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)))
    const ended = once(child, 'exit')
    await until('“ready”', () => out.includes('ready'))
    const link = /http:\/\/\S+#token=[\w-]{43}/.exec(out)?.[0] ?? expect.fail(out)
    expect(await signIn(new URL(link).origin, link)).toMatch(/^[\w-]{43}$/)
    child.stdin.write('\u0003')
    await ended
  })
})

function hasScript(): boolean {
  try {
    return process.platform === 'linux' && execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
}
