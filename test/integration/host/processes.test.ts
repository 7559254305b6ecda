import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { canListen } from '../../../proxy/host/doctor/port-probe'
import { buildOnce } from '../../support/build-once'
import { cli, serve } from '../../support/cli'
import { backend, documentOf, prepared, statusOf, text, tryText } from '../../support/prepared'
import { readUntil } from '../../support/read-until'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

beforeAll(buildOnce, 120_000)

describe('astrorelay serve', () => {
  test('says what it listens on, how to sign in, and that it is ready; ends with 0 when told', async () => {
    const { data, port } = await prepared()
    const gateway = await serve(data)
    expect(gateway.out()).toMatch(
      new RegExp(
        `^listener web: http on 127\\.0\\.0\\.1, port ${port}\nconsole: http://127\\.0\\.0\\.1:\\d+/ \\(astrorelay link prints a link to sign in\\)\nready\n$`,
      ),
    )
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
    expect(existsSync(path.join(data, 'console.json'))).toBe(false)
    expect(existsSync(path.join(data, 'lock'))).toBe(false)
  })

  test('lets running requests end before it does', async () => {
    const held: http.ServerResponse[] = []
    const server = http.createServer((_request, response) => {
      if (held.push(response) > 1) response.end('somebody else')
      else response.write('first, ')
    })
    const asked = once(server, 'request')
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { data, origin } = await prepared(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const gateway = await serve(data)
    const answer = text(origin)
    await asked
    gateway.child.kill('SIGTERM')
    await until('nobody else to be let in', async () => (await tryText(origin)) === null)
    held[0]?.end('last')
    expect(await answer).toBe('first, last')
    expect(await gateway.ended).toBe(0)
  })

  test.skipIf(process.platform === 'win32')('told to by SIGHUP, it reads its configuration file again and keeps running', async () => {
    const { data, port } = await prepared()
    const gateway = await serve(data)
    const file = path.join(data, 'config.json')
    const url = await backend('moved')
    gateway.child.kill('SIGHUP')
    await until('the first reload', () => gateway.err().includes('SIGHUP: the configuration file was read again; revision 1 serves'))
    writeFileSync(file, JSON.stringify(documentOf(port, url)))
    gateway.child.kill('SIGHUP')
    await until('the second reload', () => gateway.err().includes('SIGHUP: the configuration file was read again; revision 2 serves'))
    expect(gateway.child.exitCode).toBeNull()
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
  })

  test.skipIf(process.platform === 'win32')('a SIGHUP while it starts does not end it', async () => {
    const { data } = await prepared()
    const starting = serve(data)
    const lock = await until('its lock', () => (existsSync(path.join(data, 'lock')) ? readFileSync(path.join(data, 'lock'), 'utf8') : null))
    process.kill((JSON.parse(lock) as { pid: number }).pid, 'SIGHUP')
    const gateway = await starting
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
  })

  test('told twice, it ends at once', async () => {
    const server = http.createServer(() => undefined)
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { data, port, origin } = await prepared(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const gateway = await serve(data)
    const asked = once(server, 'request')
    const answer = tryText(origin)
    await asked
    gateway.child.kill('SIGTERM')
    await until('the listener to close', () => canListen('127.0.0.1', port).then((code) => code === null))
    expect(gateway.child.exitCode).toBeNull()
    // Signals within a second of the first are taken for the same one.
    await until('its end', () => {
      gateway.child.kill('SIGTERM')
      return gateway.child.exitCode !== null
    })
    expect(await gateway.ended).toBe(1)
    expect(await answer).toBeNull()
  })

  test('goes on when nobody reads its log any more', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    gateway.child.stdout?.destroy()
    gateway.child.stderr?.destroy()
    const { pid } = (await statusOf(gateway)).engine
    process.kill(pid ?? 0, 'SIGKILL')
    await until('the gateway to be back, which it logs', async () =>
      (await statusOf(gateway)).engine.restarts === 1 ? tryText(origin) : null,
    )
    expect(gateway.child.exitCode).toBeNull()
  })

  test('with every port taken ends with 1 and says who has it', async () => {
    const { data, port } = await prepared()
    const holder = createServer()
    await new Promise<void>((resolve) => void holder.listen(port, '127.0.0.1', resolve))
    onTestFinished(() => void holder.close())
    const { code, err } = await cli('serve', '--data', data, '--no-console')
    expect(code).toBe(1)
    expect(err).toContain(`listener web: port ${port} is in use`)
    if (process.platform === 'linux') expect(err).toContain(`(pid ${process.pid})`)
  })

  test('with one port taken serves on the others', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void taken.close())
    const { data, origin, port } = await prepared()
    const both = documentOf(port, await backend('wiki'))
    writeFileSync(
      path.join(data, 'config.json'),
      JSON.stringify({
        ...both,
        listeners: [{ id: 'taken', address: '127.0.0.1', port: (taken.address() as AddressInfo).port }, ...(both.listeners ?? [])],
      }),
    )
    const gateway = await serve(data)
    expect(gateway.out()).toMatch(/^listener taken: port \d+ is in use/)
    expect(await text(origin)).toBe('wiki')
  })

  test('twice on one data directory: the second says who has it', async () => {
    const { data } = await prepared()
    const gateway = await serve(data)
    const { code, err } = await cli('serve', '--data', data)
    expect([code, err]).toEqual([
      1,
      `AstroRelay is already running with the data in ${data} (pid ${gateway.child.pid}). Quit that one first, or choose another folder with --data.\n`,
    ])
  })

  test('with a broken file ends with 1, line and path', async () => {
    const data = tempDirectory()
    const file = path.join(data, 'relay.json')
    writeFileSync(file, '{\n  "version": 1\n  "listeners": []\n}')
    const { code, err } = await cli('serve', '--config', file, '--data', data)
    expect([code, err]).toEqual([1, `${file} is not a valid configuration:\nline 3, column 3: a comma is missing here\n`])
  })
})

describe('when something dies', () => {
  test('an engine killed with SIGKILL is back by itself, and clients are told', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const stream = await gateway.api('GET', '/events')
    const { pid } = (await statusOf(gateway)).engine
    if (pid === null) throw new Error('the engine has no pid')
    process.kill(pid, 'SIGKILL')
    const heard = await readUntil(stream, /event: engine\ndata: \{"state":"running"/)
    await until('traffic', async () => (await tryText(origin)) === 'wiki')
    expect(heard).toMatch(/event: engine\ndata: \{"state":"restarting"/)
    expect(heard).toMatch(/event: notice\ndata: .*The gateway stopped by itself/)
    expect((await statusOf(gateway)).engine).toMatchObject({ state: 'running', restarts: 1 })
  })

  test('a host killed with SIGKILL leaves the configuration whole, and the next one goes on with the same engine', async () => {
    const { data, origin, port } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const url = await backend('second')
    for (let n = 0; n < 5; n++) await gateway.api('PUT', '/config', { ...documentOf(port, url), blocked: [{ from: `10.0.0.${n}` }] })
    const { pid } = (await statusOf(gateway)).engine
    gateway.child.kill('SIGKILL')
    await gateway.ended
    expect(await text(origin)).toBe('second')
    const again = await serve(data)
    expect(await text(origin)).toBe('second')
    expect(await statusOf(again)).toMatchObject({ revision: '6', engine: { state: 'running', pid, restarts: 0 } })
    expect(JSON.parse(readFileSync(path.join(data, 'config.json'), 'utf8'))).toEqual({
      ...documentOf(port, url),
      blocked: [{ from: '10.0.0.4' }],
    })
  })
})
