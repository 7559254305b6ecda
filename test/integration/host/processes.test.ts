import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { Status } from '../../../proxy/contract/status'
import { buildOnce } from '../../support/build-once'
import { cli, serve, type Served } from '../../support/cli'
import { freePort } from '../../support/free-port'
import { tempDirectory } from '../../support/temp-directory'
import { readUntil } from '../../support/read-until'
import { until } from '../../support/until'

beforeAll(buildOnce, 120_000)

/** A backend that answers its own name. */
async function backend(name: string): Promise<string> {
  const server = http.createServer((_request, response) => response.end(name))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function document(port: number, url?: string): ConfigDocument {
  return { version: 1, listeners: [{ id: 'web', address: '127.0.0.1', port }], services: url === undefined ? [] : [{ id: 'wiki', backends: [{ id: 'main', url }] }] }
}

/** A data directory whose store has a listener on a free port and, if wished, a service. */
async function prepared(url?: string): Promise<{ data: string; port: number; origin: string }> {
  const data = tempDirectory()
  const port = await freePort()
  writeFileSync(path.join(data, 'config.json'), JSON.stringify(document(port, url)))
  return { data, port, origin: `http://127.0.0.1:${port}` }
}

async function status(gateway: Served): Promise<Status> {
  return (await (await gateway.api('GET', '/status')).json()) as Status
}

async function text(url: string): Promise<string> {
  return (await fetch(url, { headers: { connection: 'close' } })).text()
}

/** What the gateway answers, or null while it does not. */
function tryText(url: string): Promise<string | null> {
  return text(url).catch(() => null)
}

describe('astrorelay serve', () => {
  test('says what it listens on, how to sign in, and that it is ready; ends with 0 when told', async () => {
    const { data, port } = await prepared()
    const gateway = await serve(data)
    expect(gateway.out()).toMatch(new RegExp(`^listener web: http on 127\\.0\\.0\\.1, port ${port}\nconsole: http://127\\.0\\.0\\.1:\\d+/#token=[\\w-]{43}\nready\n$`))
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
    expect(existsSync(path.join(data, 'console.json'))).toBe(false)
    expect(existsSync(path.join(data, 'lock'))).toBe(false)
  })

  test('lets running requests end before it does', async () => {
    const server = http.createServer((_request, response) => {
      response.write('first, ')
      setTimeout(() => response.end('last'), 400)
    })
    const asked = once(server, 'request')
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { data, origin } = await prepared(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const gateway = await serve(data)
    const answer = text(origin)
    await asked
    gateway.child.kill('SIGTERM')
    expect(await answer).toBe('first, last')
    expect(await gateway.ended).toBe(0)
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
    const both = document(port, await backend('wiki'))
    writeFileSync(path.join(data, 'config.json'), JSON.stringify({ ...both, listeners: [{ id: 'taken', address: '127.0.0.1', port: (taken.address() as AddressInfo).port }, ...(both.listeners ?? [])] }))
    const gateway = await serve(data)
    expect(gateway.out()).toMatch(/^listener taken: port \d+ is in use/)
    expect(await text(origin)).toBe('wiki')
  })

  test('twice on one data directory: the second says who has it', async () => {
    const { data } = await prepared()
    const gateway = await serve(data)
    const { code, err } = await cli('serve', '--data', data)
    expect([code, err]).toEqual([1, `AstroRelay is already running with the data in ${data} (pid ${gateway.child.pid}). Quit that one first, or choose another folder with --data.\n`])
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
  test('an engine killed with SIGKILL is back within a second, and clients are told', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const stream = await gateway.api('GET', '/events')
    const { pid } = (await status(gateway)).engine
    if (pid === null) throw new Error('the engine has no pid')
    process.kill(pid, 'SIGKILL')
    const killed = performance.now()
    const heard = await readUntil(stream, /event: engine\ndata: \{"state":"running"/)
    await until('traffic', async () => (await tryText(origin)) === 'wiki')
    // A loaded machine gets some slack; alone it takes 150 ms.
    expect(performance.now() - killed).toBeLessThan(3_000)
    expect(heard).toMatch(/event: engine\ndata: \{"state":"restarting"/)
    expect(heard).toMatch(/event: notice\ndata: .*The gateway stopped by itself/)
    expect((await status(gateway)).engine).toMatchObject({ state: 'running', restarts: 1 })
  })

  test('a host killed with SIGKILL takes its engine along and leaves the configuration whole', async () => {
    const { data, origin, port } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const url = await backend('second')
    for (let n = 0; n < 5; n++) await gateway.api('PUT', '/config', { ...document(port, url), blocked: [{ from: `10.0.0.${n}` }] })
    const { pid } = (await status(gateway)).engine
    gateway.child.kill('SIGKILL')
    await gateway.ended
    await until('the end of the engine', () => !isAlive(pid))
    const again = await serve(data)
    expect(await text(origin)).toBe('second')
    expect((await status(again)).revision).toBe('6')
    expect(JSON.parse(readFileSync(path.join(data, 'config.json'), 'utf8'))).toEqual({ ...document(port, url), blocked: [{ from: '10.0.0.4' }] })
  })
})

function isAlive(pid: number | null): boolean {
  try {
    process.kill(pid ?? 0, 0)
    return pid !== null
  } catch {
    return false
  }
}

describe('the command line and a running gateway', () => {
  test('expose, status, export, import: a service goes all the way round', async () => {
    const { data, origin, port } = await prepared()
    const gateway = await serve(data)
    const at = ['--data', data]
    const exposed = await cli('expose', await backend('wiki'), '--name', 'Office wiki', '--path', '/wiki', ...at)
    expect(exposed).toMatchObject({ code: 0, err: '' })
    expect(exposed.out).toContain(`Office wiki answers at ${origin}/wiki\n`)
    expect(await text(`${origin}/wiki/`)).toBe('wiki')

    const json = JSON.parse((await cli('status', '--json', ...at)).out) as Status
    expect(json.services).toMatchObject([{ id: 'office-wiki', name: 'Office wiki', addresses: [`${origin}/wiki`] }])
    expect((await cli('status', ...at)).out).toMatch(new RegExp(`listener web: http 127\\.0\\.0\\.1:${port} listening\nservice office-wiki: `))

    const file = path.join(data, 'exported.json')
    expect(await cli('export', file, ...at)).toMatchObject({ code: 0, out: '' })
    expect(JSON.parse((await cli('export', ...at)).out)).toEqual(JSON.parse(readFileSync(file, 'utf8')))

    writeFileSync(path.join(data, 'empty.json'), JSON.stringify(document(port)))
    const imported = await cli('import', path.join(data, 'empty.json'), ...at)
    expect(imported).toMatchObject({ code: 0, err: '' })
    expect(imported.out).toMatch(/as revision 3; the one before is revision 2 in the history\.\n$/)
    expect((await fetch(`${origin}/wiki/`)).status).toBe(404)
    await cli('import', file, ...at)
    expect(await text(`${origin}/wiki/`)).toBe('wiki')
    gateway.child.kill('SIGTERM')
    await gateway.ended
    await serve(data)
    expect(await text(`${origin}/wiki/`)).toBe('wiki')
  })

  test('expose on a port of its own, for some addresses alone', async () => {
    const { data } = await prepared()
    await serve(data)
    const port = await freePort()
    await cli('expose', await backend('open'), '--port', String(port), '--allow', 'loopback', '--data', data)
    expect(await text(`http://127.0.0.1:${port}`)).toBe('open')
    await cli('expose', await backend('closed'), '--port', String(port), '--host', 'closed.test', '--allow', '203.0.113.7', '--data', data)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      http.get(`http://127.0.0.1:${port}`, { headers: { host: 'closed.test' } }, (response) => resolve(response.resume().statusCode)).on('error', reject)
    })
    expect(status).toBe(403)
  })

  test('a conflict is refused with what to do, and nothing is saved', async () => {
    const { data, port } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const before = (await status(gateway)).revision
    const again = await cli('expose', 'http://127.0.0.1:9', '--data', data)
    expect([again.code, again.err]).toEqual([1, 'services[1].hosts[0]: “wiki” already answers any host on this listener; choose another name, add a path, or use a port of its own (--host NAME, --path PATH, --port N)\n'])
    const loop = await cli('expose', `http://localhost:${port}`, '--host', 'loop.test', '--data', data)
    expect([loop.code, loop.err]).toEqual([1, 'services[1].backends[0].url: this points back to AstroRelay itself (listener “web”); enter the address of the program behind it\n'])
    const holder = createServer()
    await new Promise<void>((resolve) => void holder.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void holder.close())
    const taken = await cli('expose', 'http://127.0.0.1:9', '--port', String((holder.address() as AddressInfo).port), '--data', data)
    expect([taken.code, taken.err]).toEqual([1, expect.stringMatching(/^Port \d+ is in use by .*\. Port \d+ is free: --port \d+\n$/)])
    expect((await status(gateway)).revision).toBe(before)
  })

  test('link prints a fresh sign-in link', async () => {
    const { data } = await prepared()
    const gateway = await serve(data)
    const { out } = await cli('link', '--data', data)
    expect(out).toMatch(new RegExp(`^${gateway.origin}/#token=[\\w-]{43}\n$`))
  })

  test('a bad import changes nothing and says what is wrong', async () => {
    const { data } = await prepared()
    const gateway = await serve(data)
    const file = path.join(data, 'bad.json')
    writeFileSync(file, JSON.stringify({ version: 1, listeners: [{ id: 'web', port: 70_000 }] }))
    expect(await cli('import', file, '--data', data)).toMatchObject({ code: 1, out: 'listeners[0].port: choose a port from 1 to 65535\n' })
    expect((await status(gateway)).revision).toBe('1')
  })

  test('without a console the commands say why they cannot reach it', async () => {
    const { data } = await prepared()
    const config = path.join(data, 'config.json')
    const child = await serve(data)
    child.child.kill('SIGTERM')
    await child.ended
    expect(await cli('status', '--data', data)).toMatchObject({ code: 1, err: 'AstroRelay is not running here. Start it with `astrorelay serve` or `npm start`.\n' })
    expect(existsSync(config)).toBe(true)
  })

  test('an edit of the file is live within a second', async () => {
    const data = tempDirectory()
    const file = path.join(data, 'relay.json')
    const port = await freePort()
    writeFileSync(file, JSON.stringify(document(port, await backend('before'))))
    await serve(data, '--config', file)
    expect(await text(`http://127.0.0.1:${port}`)).toBe('before')
    writeFileSync(file, JSON.stringify(document(port, await backend('after'))))
    await until('the edit', async () => (await tryText(`http://127.0.0.1:${port}`)) === 'after')
  })
})

describe('astrorelay check', () => {
  test.each<[string, string, number, string]>([
    ['a valid file', '{"version":1,"listeners":[{"id":"web","port":80},{"id":"own","port":8090}],"services":[{"id":"a","backends":[{"id":"m","url":"http://a"}]}]}', 0, 'FILE is valid: 2 listeners, 1 service.\n'],
    ['bad values, one line each', '{"version":1,"listeners":[{"id":"web","port":0}],"services":[{"id":"a","backends":[{"id":"m","url":"http://a"},{"id":"n","url":"b"}]}]}', 1, 'listeners[0].port: choose a port from 1 to 65535\nservices[0].backends[1].url: start with http:// or https://, as in http://192.168.1.20:8080\n'],
    ['no JSON', '{\n  "version": 1,\n      oops\n}', 1, 'line 3, column 7: this is not JSON; texts stand in double quotes\n'],
    ['a newer format', '{"version":7}', 1, 'version: this file has version 7 of the format, this AstroRelay knows up to 1; install a newer AstroRelay\n'],
    ['a loop', '{"version":1,"listeners":[{"id":"web","port":8080}],"services":[{"id":"a","backends":[{"id":"m","url":"http://localhost:8080"}]}]}', 1, 'services[0].backends[0].url: this points back to AstroRelay itself (listener “web”); enter the address of the program behind it\n'],
  ])('%s', async (_name, content, code, out) => {
    const file = path.join(tempDirectory(), 'relay.json')
    writeFileSync(file, content)
    expect(await cli('check', file)).toEqual({ code, out: out.replace('FILE', file), err: '' })
  })

  test('a file that is not there', async () => {
    expect(await cli('check', '/nowhere/relay.json')).toEqual({ code: 1, out: '', err: '/nowhere/relay.json cannot be read: there is no such file.\n' })
  })
})

describe('a command line that is not understood ends with 2 and a sentence', () => {
  test.each([
    [['frob'], 'There is no command “frob”. See: astrorelay help\n'],
    [['--frob'], 'There is no option --frob. See: astrorelay help\n'],
    [['serve', '--port', '80'], 'Unknown option \'--port\'. See: astrorelay help\n'],
    [['serve', 'file.json'], '“file.json” is one argument too many. See: astrorelay help\n'],
    [['check'], 'Give the FILE to check. See: astrorelay help\n'],
    [['expose'], 'Give the URL to expose, such as http://localhost:3000. See: astrorelay help\n'],
    [['expose', 'wiki'], 'wiki: start with http:// or https://, as in http://192.168.1.20:8080. See: astrorelay help\n'],
    [['expose', 'http://wiki', '--port', '70000'], '--port: choose a port from 1 to 65535. See: astrorelay help\n'],
    [['serve', '--console', '127.0.0.1:99999'], '--console: choose a port from 1 to 65535. See: astrorelay help\n'],
  ])('%j', async (args, expected) => {
    expect(await cli(...args)).toEqual({ code: 2, out: '', err: expected })
  })
})
