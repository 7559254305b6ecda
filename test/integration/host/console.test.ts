import { readFileSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../support/free-port'
import { startTestHost } from '../../support/test-host'

import { ANY_PORT, raw, startConsole } from '../../support/test-console'

describe('signing in', () => {
  test('a link is good once; its key opens the API', async () => {
    const { host, origin } = await startConsole()
    const link = new URL(host.console?.signInLink() ?? '')
    expect(link.origin).toBe(origin)
    const token = new URLSearchParams(link.hash.slice(1)).get('token')
    const exchange = (): Promise<Response> =>
      fetch(`${origin}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })
    const first = await exchange()
    const { key } = (await first.json()) as { key: string }
    expect((await fetch(`${origin}/api/v1/config`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
    const second = await exchange()
    expect(second.status).toBe(401)
    expect(((await second.json()) as { error: { message: string } }).error.message).toMatch(/already used or is too old/)
  })

  test('a fresh link can be had with the token', async () => {
    const { api, origin } = await startConsole()
    const { link } = (await (await api('POST', '/session/link')).json()) as { link: string }
    expect(link).toMatch(new RegExp(`^${origin}/#token=[\\w-]{43}$`))
  })

  test('without token or key every call is refused, and none says whether it exists', async () => {
    const { origin } = await startConsole()
    for (const [method, target] of [
      ['GET', '/config'],
      ['PUT', '/config'],
      ['GET', '/events'],
      ['GET', '/metrics'],
      ['POST', '/session/link'],
      ['GET', '/nothing'],
    ]) {
      const answer = await fetch(`${origin}/api/v1${target}`, { method: method ?? '' })
      expect([target, answer.status]).toEqual([target, 401])
    }
  })

  test('the token is 32 random bytes in a private file, and stays the same', async () => {
    const first = await startConsole()
    const file = path.join(first.data, 'console-token')
    expect(Buffer.from(first.token, 'base64url')).toHaveLength(32)
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
    await first.stop()
    await startTestHost({ data: first.data, console: ANY_PORT })
    expect(readFileSync(file, 'utf8').trim()).toBe(first.token)
  })

  test('a form of another site cannot sign in', async () => {
    const { origin } = await startConsole()
    expect((await fetch(`${origin}/api/v1/session`, { method: 'POST', body: '{"token":"x"}' })).status).toBe(400)
  })
})

describe('pages of other sites', () => {
  test('that made their name point here are refused', async () => {
    const { origin, token } = await startConsole()
    const authorization = `Bearer ${token}`
    const { port } = new URL(origin)
    const foreign = ['evil.test', `evil.test:${port}`, `127.0.0.1.evil.test:${port}`, `localhost.evil.test`, `127.0.0.1@evil.test`]
    const odd = [
      '',
      ':',
      `10.0.0.1:${port}`,
      '0.0.0.0',
      '128.0.0.1',
      '127.1',
      '2130706433',
      '::1',
      '[::2]',
      '[::1]x',
      'localhost:',
      'localhost:70000',
    ]
    for (const host of [...foreign, ...odd]) {
      expect([host, (await raw(origin, '/api/v1/config', { host, authorization })).status]).toEqual([host, 403])
      expect([host, (await raw(origin, '/', { host })).status]).toEqual([host, 403])
    }
  })

  test('the console answers under every name of the loopback and on any port, as a tunnel has it (ssh -L 7071:127.0.0.1:7070)', async () => {
    const { origin, token } = await startConsole()
    const authorization = `Bearer ${token}`
    for (const host of [
      '127.0.0.1:7071',
      'localhost:7071',
      'LOCALHOST:7071',
      'localhost',
      '127.0.0.1',
      '127.3.2.1:8080',
      '[::1]:7071',
      '[::1]',
    ]) {
      const own = { host, authorization, origin: `http://${host.toLowerCase()}` }
      expect([host, (await raw(origin, '/api/v1/config', own)).status]).toEqual([host, 200])
      expect([host, (await raw(origin, '/api/v1/config', { ...own, origin: 'http://localhost:3000' })).status]).toEqual([host, 403])
      expect([host, (await raw(origin, '/', { host })).status]).toEqual([host, 200])
    }
    const { body } = await raw(origin, '/api/v1/session/link', { host: 'localhost:7071', authorization }, 'POST')
    expect(body).toMatch(/"http:\/\/localhost:7071\/#token=[\w-]{43}"/)
  })

  test('that call it are refused, with the token too', async () => {
    const { origin, api } = await startConsole()
    for (const foreign of ['http://evil.test', 'null', `https://${new URL(origin).host}`, 'http://127.0.0.1:1'])
      expect((await api('GET', '/config', undefined, { origin: foreign })).status).toBe(403)
    expect((await api('GET', '/config', undefined, { origin })).status).toBe(200)
    expect((await raw(origin, '/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403)
  })

  test('may link to it: the page itself opens', async () => {
    const { origin } = await startConsole()
    expect((await raw(origin, '/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).status).toBe(200)
  })
})

describe('where it listens', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', 'relay.lan'])('never on %s, which others could reach', async (host) => {
    await expect(startTestHost({ console: { host, port: 0, named: true } })).rejects.toThrow(
      `The console stays on this machine: ${host} is not a loopback address.`,
    )
  })

  test('a taken port that was named is an error, else the next one is used', async () => {
    const holder = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => void holder.listen(port, '127.0.0.1', resolve))
    onTestFinished(() => void holder.close())
    await expect(startTestHost({ console: { host: '127.0.0.1', port, named: true } })).rejects.toThrow(
      `The console cannot use port ${port}: it is in use by another program.`,
    )
    const { host } = await startTestHost({ console: { host: '127.0.0.1', port, named: false } })
    expect(Number(new URL(host.console?.origin ?? '').port)).toBeGreaterThan(port)
  })

  test('is told to the command line in a file that goes with it', async () => {
    const { data, origin, stop } = await startConsole()
    const file = path.join(data, 'console.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ origin, pid: process.pid })
    await stop()
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined()
    const { hostname, port } = new URL(origin)
    await expect(
      new Promise((resolve, reject) => void connect(Number(port), hostname).on('connect', resolve).on('error', reject)),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
