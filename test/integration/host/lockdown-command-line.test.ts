import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { ask } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { cli } from '../../support/cli'
import { freePort } from '../../support/free-port'
import { openRaw } from '../../support/raw-client'
import { tempDirectory } from '../../support/temp-directory'

import { lockable, run, visit } from '../../support/locked-down'

beforeAll(buildOnce, 120_000)

test('by command line: locked with the text for the backend, verified, rotated, unlocked', async () => {
  const backend = await lockable()
  const { at, port } = await run({ backends: [{ id: 'app', url: backend.url }], health: { type: 'off' } })
  expect(await cli('lock', 'wiki', '--for', 'bogus', ...at)).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is for nginx, apache'),
  })
  const locked = await cli('lock', 'wiki', '--for', 'nginx', ...at)
  expect(locked.code).toBe(0)
  const value = /^X-AstroRelay-Key: ([\w-]{43})$/m.exec(locked.out)?.[1] ?? expect.fail(locked.out)
  expect(locked.out).toContain('$http_x_astrorelay_key')
  expect(locked.out.split(value).length).toBeGreaterThan(2)
  expect(await cli('verify', 'wiki', ...at)).toMatchObject({
    code: 1,
    out: expect.stringContaining('app: open. app still answers without the gateway'),
  })
  backend.accepts = [value]
  expect(await cli('verify', 'wiki', ...at)).toMatchObject({
    code: 0,
    out: expect.stringContaining('app: locked. Refused directly, answers through AstroRelay.\n  good  Through AstroRelay: answered 200'),
  })
  expect((await cli('status', ...at)).out).toContain('unwatched, locked')
  const next = /: ([\w-]{43})$/m.exec((await cli('rotate', 'wiki', ...at)).out)?.[1] ?? expect.fail('no secret')
  expect(await cli('rotate', 'wiki', '--finish', ...at)).toMatchObject({
    code: 1,
    err: expect.stringContaining('does not take the new secret yet'),
  })
  backend.accepts = [value, next]
  expect(await cli('rotate', 'wiki', '--finish', ...at)).toMatchObject({ code: 0 })
  backend.accepts = [next]
  expect((await visit(port)).text).toBe('inside')
  const again = await cli('lock', 'wiki', '--for', 'nginx', ...at)
  expect([again.code, again.out.includes('PUT-THE-SECRET-HERE'), again.out.includes(next)]).toEqual([0, true, false])
})

test('a machine and a folder are exposed by command line', async () => {
  const echo = createTcpServer((socket) => void socket.on('error', () => undefined).pipe(socket))
  await new Promise<void>((resolve) => void echo.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void echo.close())
  const backend = await lockable()
  const { at, port } = await run({ backends: [{ id: 'app', url: backend.url }] })
  const own = await freePort()
  expect(
    await cli(
      'expose',
      `tcp://127.0.0.1:${(echo.address() as AddressInfo).port}`,
      '--port',
      String(own),
      '--name',
      'Desktop',
      '--allow',
      'loopback',
      ...at,
    ),
  ).toMatchObject({ code: 0, out: expect.stringContaining(`Desktop answers at `) })
  const socket = await openRaw(own, 'over tcp')
  expect(await new Promise((resolve) => void socket.once('data', (bytes) => resolve(String(bytes))))).toBe('over tcp')
  socket.destroy()
  const folder = tempDirectory()
  writeFileSync(path.join(folder, 'manual.txt'), 'read me')
  expect(await cli('expose', folder, '--host', 'files.test', ...at)).toMatchObject({ code: 0 })
  expect((await ask(port, '/manual.txt', { headers: { host: 'files.test' } })).text).toBe('read me')
})
