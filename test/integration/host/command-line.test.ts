import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Status } from '../../../proxy/contract/status'
import { buildOnce } from '../../support/build-once'
import { cli, serve } from '../../support/cli'
import { freePort } from '../../support/free-port'
import { backend, documentOf, prepared, statusOf, text, tryText } from '../../support/prepared'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

beforeAll(buildOnce, 120_000)

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
    expect((await cli('status', ...at)).out).toMatch(
      new RegExp(`listener web: http 127\\.0\\.0\\.1:${port} listening\nservice office-wiki: `),
    )

    const file = path.join(data, 'exported.json')
    expect(await cli('export', file, ...at)).toMatchObject({ code: 0, out: '' })
    expect(JSON.parse((await cli('export', ...at)).out)).toEqual(JSON.parse(readFileSync(file, 'utf8')))

    writeFileSync(path.join(data, 'empty.json'), JSON.stringify(documentOf(port)))
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
    expect(await cli('expose', await backend('open'), '--port', String(port), '--allow', 'loopback', '--data', data)).toMatchObject({
      code: 0,
      err: '',
    })
    expect(await text(`http://127.0.0.1:${port}`)).toBe('open')
    expect(
      await cli(
        'expose',
        await backend('closed'),
        '--port',
        String(port),
        '--host',
        'closed.test',
        '--allow',
        '203.0.113.7',
        '--data',
        data,
      ),
    ).toMatchObject({ code: 0, err: '' })
    const status = await new Promise<number | undefined>((resolve, reject) => {
      http
        .get(`http://127.0.0.1:${port}`, { headers: { host: 'closed.test' } }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
    })
    expect(status).toBe(403)
  })

  test('a conflict is refused with what to do, and nothing is saved', async () => {
    const { data, port } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const before = (await statusOf(gateway)).revision
    const again = await cli('expose', 'http://127.0.0.1:9', '--data', data)
    expect([again.code, again.err]).toEqual([
      1,
      'services[1].hosts[0]: “wiki” already answers any host on this listener; choose another name, add a path, or use a port of its own (--host NAME, --path PATH, --port N)\n',
    ])
    const loop = await cli('expose', `http://localhost:${port}`, '--host', 'loop.test', '--data', data)
    expect([loop.code, loop.err]).toEqual([
      1,
      'services[1].backends[0].url: this points back to AstroRelay itself (listener “web”); enter the address of the program behind it\n',
    ])
    const holder = createServer()
    await new Promise<void>((resolve) => void holder.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void holder.close())
    const taken = await cli('expose', 'http://127.0.0.1:9', '--port', String((holder.address() as AddressInfo).port), '--data', data)
    expect([taken.code, taken.err]).toEqual([1, expect.stringMatching(/^Port \d+ is in use by .*\. Port \d+ is free: --port \d+\n$/)])
    expect((await statusOf(gateway)).revision).toBe(before)
  })

  test.skipIf(process.platform === 'win32')('export goes through a link and into a device, and replaces neither', async () => {
    const { data } = await prepared()
    await serve(data)
    const link = path.join(data, 'link.json')
    symlinkSync(path.join(data, 'behind.json'), link)
    writeFileSync(path.join(data, 'behind.json'), '')
    expect(await cli('export', link, '--data', data)).toMatchObject({ code: 0 })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(JSON.parse(readFileSync(link, 'utf8'))).toMatchObject({ version: 1 })
    const pipe = path.join(data, 'pipe')
    execFileSync('mkfifo', [pipe])
    const read = readFile(pipe, 'utf8')
    expect(await cli('export', pipe, '--data', data)).toMatchObject({ code: 0 })
    expect(JSON.parse(await read)).toMatchObject({ version: 1 })
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
    expect((await statusOf(gateway)).revision).toBe('1')
  })

  test('without a gateway the commands say how to start one', async () => {
    const { data } = await prepared()
    const gateway = await serve(data)
    gateway.child.kill('SIGTERM')
    await gateway.ended
    for (const command of [['status'], ['export'], ['link'], ['expose', 'http://wiki']]) {
      expect(await cli(...command, '--data', data)).toEqual({
        code: 1,
        out: '',
        err: 'AstroRelay is not running here. Start it with `astrorelay serve` or `npm start`.\n',
      })
    }
  })

  test('an edit of the file is live within a second', async () => {
    const data = tempDirectory()
    const file = path.join(data, 'relay.json')
    const port = await freePort()
    writeFileSync(file, JSON.stringify(documentOf(port, await backend('before'))))
    await serve(data, '--config', file)
    expect(await text(`http://127.0.0.1:${port}`)).toBe('before')
    writeFileSync(file, JSON.stringify(documentOf(port, await backend('after'))))
    await until('the edit', async () => (await tryText(`http://127.0.0.1:${port}`)) === 'after')
  })
})

describe('astrorelay check', () => {
  test.each<[string, string, number, string]>([
    [
      'a valid file',
      '{"version":1,"listeners":[{"id":"web","port":80},{"id":"own","port":8090}],"services":[{"id":"a","backends":[{"id":"m","url":"http://a"}]}]}',
      0,
      'FILE is valid: 2 listeners, 1 service.\n',
    ],
    [
      'bad values, one line each',
      '{"version":1,"listeners":[{"id":"web","port":0}],"services":[{"id":"a","backends":[{"id":"m","url":"http://a"},{"id":"n","url":"b"}]}]}',
      1,
      'listeners[0].port: choose a port from 1 to 65535\nservices[0].backends[1].url: start with http:// or https://, as in http://192.168.1.20:8080\n',
    ],
    ['no JSON', '{\n  "version": 1,\n      oops\n}', 1, 'line 3, column 7: this is not JSON; texts stand in double quotes\n'],
    [
      'a newer format',
      '{"version":7}',
      1,
      'version: this file has version 7 of the format, this AstroRelay knows up to 1; install a newer AstroRelay\n',
    ],
    [
      'a loop',
      '{"version":1,"listeners":[{"id":"web","port":8080}],"services":[{"id":"a","backends":[{"id":"m","url":"http://localhost:8080"}]}]}',
      1,
      'services[0].backends[0].url: this points back to AstroRelay itself (listener “web”); enter the address of the program behind it\n',
    ],
  ])('%s', async (_name, content, code, out) => {
    const file = path.join(tempDirectory(), 'relay.json')
    writeFileSync(file, content)
    expect(await cli('check', file)).toEqual({ code, out: out.replace('FILE', file), err: '' })
  })

  test('a file that is not there', async () => {
    expect(await cli('check', '/nowhere/relay.json')).toEqual({
      code: 1,
      out: '',
      err: '/nowhere/relay.json cannot be read: there is no such file.\n',
    })
  })
})

describe('a command line that is not understood ends with 2 and a sentence', () => {
  test.each([
    [['frob'], 'There is no command “frob”. See: astrorelay help\n'],
    [['--frob'], 'There is no option --frob. See: astrorelay help\n'],
    [['serve', '--port', '80'], "Unknown option '--port'. See: astrorelay help\n"],
    [['serve', 'file.json'], '“file.json” is one argument too many. See: astrorelay help\n'],
    [['check'], 'Give the FILE to check. See: astrorelay help\n'],
    [
      ['expose'],
      'Give the URL or FOLDER to expose, such as http://localhost:3000, tcp://192.168.1.50:3389 or /srv/manuals. See: astrorelay help\n',
    ],
    [['expose', 'wiki'], 'wiki: start with http:// or https://, as in http://192.168.1.20:8080. See: astrorelay help\n'],
    [['expose', 'http://wiki', '--port', '70000'], '--port: choose a port from 1 to 65535. See: astrorelay help\n'],
    [['serve', '--console', '127.0.0.1:99999'], '--console: choose a port from 1 to 65535. See: astrorelay help\n'],
  ])('%j', async (args, expected) => {
    expect(await cli(...args)).toEqual({ code: 2, out: '', err: expected })
  })
})

describe('access from the command line', () => {
  test('test-access says the verdict and the rule, in words and by its exit code', async () => {
    const { data, port } = await prepared()
    const gateway = await serve(data)
    const at = ['--data', data]
    await cli('expose', await backend('wiki'), '--name', 'wiki', '--allow', '127.0.0.9/30', ...at)
    expect(await cli('test-access', 'wiki', '127.0.0.10', ...at)).toMatchObject({
      code: 0,
      out: 'allow: rule 1 (allow 127.0.0.9/30)\nnote: 127.0.0.9/30 means 127.0.0.8/30\n',
    })
    expect(await cli('test-access', 'wiki', '8.8.8.8', ...at)).toMatchObject({
      code: 1,
      out: 'deny: no rule of the service matches, and everyone else is denied\n',
    })
    expect(JSON.parse((await cli('test-access', 'wiki', '::ffff:127.0.0.9', '--json', ...at)).out)).toMatchObject({
      decision: 'allow',
      client: '127.0.0.9',
      rule: { index: 0, action: 'allow' },
    })
    expect(await cli('test-access', 'wiki', '010.0.0.1', ...at)).toMatchObject({
      code: 1,
      err: 'address: write an IPv4 or IPv6 address, such as 192.168.1.20\n',
    })
    expect(await cli('test-access', 'nothing', '8.8.8.8', ...at)).toMatchObject({
      code: 1,
      err: 'service: there is no service “nothing”\n',
    })

    expect((await cli('block', '127.0.0.8', '--for', '2h', '--reason', 'scanner', ...at)).out).toMatch(
      /^127\.0\.0\.8 is blocked until \d{4}-[^;]+; 0 open connections were ended\n$/,
    )
    expect(await cli('test-access', 'wiki', '127.0.0.8', ...at)).toMatchObject({ code: 1, out: 'deny: the address is blocked: scanner\n' })
    expect(await cli('unblock', '127.0.0.8', ...at)).toMatchObject({ code: 0, out: '127.0.0.8 is not blocked any more\n' })
    expect(await cli('unblock', '127.0.0.8', ...at)).toMatchObject({ code: 1, out: '127.0.0.8 was not blocked\n' })
    expect(await cli('block', '10.0.0.0/33', ...at)).toMatchObject({ code: 1, err: expect.stringContaining('blocked[0].from') })
    expect(await cli('block', '10.0.0.1', '--for', 'soon', ...at)).toMatchObject({ code: 2 })

    await cli('expose', await backend('open'), '--name', 'open', '--path', '/open', ...at)
    expect(await text(`http://127.0.0.1:${port}/open/`)).toBe('open')
    expect((await cli('close', ...at)).out).toContain('Everything is closed')
    expect(await tryText(`http://127.0.0.1:${port}/open/`)).toBeNull()
    expect((await cli('open', ...at)).out).toBe('Everything is open again.\n')
    expect(await text(`http://127.0.0.1:${port}/open/`)).toBe('open')
    gateway.child.kill('SIGTERM')
    await gateway.ended
  })

  test('hash-password prints a hash that a configuration takes, and never the password', () => {
    const hashed = execFileSync(process.execPath, [path.resolve(import.meta.dirname, '../../../out/cli.js'), 'hash-password'], {
      input: 'correct horse\n',
      encoding: 'utf8',
    })
    expect(hashed).toMatch(/^scrypt\$32768\$8\$1\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+\n$/)
    const file = path.join(tempDirectory(), 'relay.json')
    writeFileSync(
      file,
      JSON.stringify({
        version: 1,
        services: [
          {
            id: 'wiki',
            backends: [{ id: 'main', url: 'http://127.0.0.1:9' }],
            basicAuth: { users: [{ name: 'anna', hash: hashed.trim() }] },
          },
        ],
      }),
    )
    expect(
      execFileSync(process.execPath, [path.resolve(import.meta.dirname, '../../../out/cli.js'), 'check', file], { encoding: 'utf8' }),
    ).toContain('is valid')
  })
})
