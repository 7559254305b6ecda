import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask } from '../../support/ask'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

const SECRET = 'nobody may read this'

interface Hosted {
  readonly gateway: Gateway
  readonly port: number
  /** What lies around the hosted folder. */
  readonly base: string
  readonly root: string
}

/** `site` is hosted; beside it lies `outside` with a secret, and `site-secret`, whose name begins alike. */
async function host(more: Partial<ServiceDocument> = {}): Promise<Hosted> {
  const base = tempDirectory()
  const root = path.join(base, 'site')
  for (const folder of ['site/sub', 'outside/deep', 'site-secret']) mkdirSync(path.join(base, folder), { recursive: true })
  for (const file of ['outside/secret.txt', 'outside/index.html', 'outside/deep/secret.txt', 'site-secret/secret.txt'])
    writeFileSync(path.join(base, file), SECRET)
  for (const file of ['site/a.txt', 'site/sub/b.txt']) writeFileSync(path.join(base, file), 'mine')
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  await gateway.serve({ id: 'manuals', type: 'files', root, listing: true, ...more })
  return { gateway, port: gateway.port, base, root }
}

/** How many files this process may have open, soft and hard. */
const limit = (value: string): void => void spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${value}`])

const stateOf = async (gateway: Gateway) => (await gateway.status()).services[0]

/** The gateway as somebody who may not read everything: the tests may run as root, who may. */
async function asNobody(act: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return act()
  process.seteuid?.(65_534)
  try {
    await act()
  } finally {
    process.seteuid?.(0)
  }
}

describe('a link within the folder is followed', () => {
  test.each<[string, (root: string) => void, string]>([
    ['to a file', (root) => symlinkSync('a.txt', path.join(root, 'link')), '/link'],
    ['by its full path', (root) => symlinkSync(path.join(root, 'a.txt'), path.join(root, 'link')), '/link'],
    ['to a folder', (root) => symlinkSync('sub', path.join(root, 'link')), '/link/b.txt'],
    ['by way of above, back in', (root) => symlinkSync('../../site/a.txt', path.join(root, 'sub/link')), '/sub/link'],
    [
      'to a link',
      (root) => {
        symlinkSync('a.txt', path.join(root, 'first'))
        symlinkSync('first', path.join(root, 'link'))
      },
      '/link',
    ],
  ])('%s', async (_, make, target) => {
    const { port, root } = await host()
    make(root)
    const answer = await ask(port, target)
    expect([answer.status, answer.text]).toEqual([200, 'mine'])
  })

  test('and the folder itself may be one, which may be moved on', async () => {
    const { gateway, port, base } = await host()
    symlinkSync('site', path.join(base, 'current'))
    await gateway.serve({ id: 'manuals', type: 'files', root: path.join(base, 'current') })
    expect((await ask(port, '/a.txt')).text).toBe('mine')
    mkdirSync(path.join(base, 'next'))
    writeFileSync(path.join(base, 'next/a.txt'), 'next release')
    symlinkSync('next', path.join(base, 'newer'))
    renameSync(path.join(base, 'newer'), path.join(base, 'current'))
    expect((await ask(port, '/a.txt')).text).toBe('next release')
  })
})

describe('a link that leads out names nothing', () => {
  test.each<[string, string, readonly string[]]>([
    ['to a file', '../outside/secret.txt', ['/link', '/link/', '/link?x']],
    ['to a folder', '../outside', ['/link', '/link/', '/link/secret.txt', '/link/deep/secret.txt', '/link/index.html']],
    ['to the folder around', '..', ['/link/', '/link/outside/secret.txt']],
    ['to the whole machine', '/', ['/link/', '/link/etc/passwd', '/link/proc/self/environ']],
    ['to a folder whose name begins alike', '../site-secret', ['/link/', '/link/secret.txt']],
    ['to itself', 'link', ['/link', '/link/', '/link/x']],
    ['to nothing', 'nowhere', ['/link', '/link/']],
  ])('%s', async (_, to, targets) => {
    const { port, root } = await host()
    symlinkSync(to, path.join(root, 'link'))
    for (const target of targets) {
      const answer = await ask(port, target)
      expect([answer.status, answer.text.includes(SECRET), answer.text.includes('root:')]).toEqual([404, false, false])
    }
  })

  test('through a chain of links, a link in a linked folder, an index, or the page of an application', async () => {
    const { port, root, base } = await host({ fallback: 'shell' })
    symlinkSync('second', path.join(root, 'first'))
    symlinkSync('third', path.join(root, 'second'))
    symlinkSync('../outside/secret.txt', path.join(root, 'third'))
    symlinkSync('sub', path.join(root, 'linked'))
    symlinkSync('../../outside/secret.txt', path.join(root, 'sub/out'))
    symlinkSync('../../outside/index.html', path.join(root, 'sub/index.html'))
    symlinkSync('../outside/secret.txt', path.join(root, 'shell'))
    expect(existsSync(path.join(base, 'site/sub/index.html'))).toBe(true)
    for (const target of ['/first', '/linked/out', '/sub/out', '/page']) {
      const answer = await ask(port, target, { headers: { accept: 'text/html' } })
      expect([answer.status, answer.text.includes(SECRET)]).toEqual([404, false])
    }
    const list = await ask(port, '/sub/')
    expect([list.status, list.text.includes(SECRET), list.text.includes('out')]).toEqual([200, false, false])
  })

  test('and never does, while a folder and a link change places as fast as they can', { timeout: 60_000 }, async () => {
    const { port, root, base } = await host()
    writeFileSync(path.join(root, 'sub/secret.txt'), 'mine')
    symlinkSync('../outside', path.join(base, 'bait'))
    const swapper = new Worker(
      `
      const { renameSync } = require('node:fs')
      const { parentPort, workerData: { root, base } } = require('node:worker_threads')
      parentPort.postMessage('on')
      for (;;) {
        renameSync(root + '/sub', base + '/aside'); renameSync(base + '/bait', root + '/sub')
        renameSync(root + '/sub', base + '/bait'); renameSync(base + '/aside', root + '/sub')
      }`,
      { eval: true, workerData: { root, base } },
    )
    onTestFinished(() => swapper.terminate().then(() => undefined))
    await once(swapper, 'message')
    const seen = new Set<string>()
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let round = 0; round < 200; round++) {
          const answer = await ask(port, round % 8 === 7 ? '/sub/' : '/sub/secret.txt')
          seen.add(answer.status === 200 && round % 8 !== 7 ? answer.text : String(answer.status))
          expect(answer.text).not.toContain(SECRET)
          expect(answer.text).not.toContain('deep')
        }
      }),
    )
    expect(seen).toContain('mine')
    expect(seen).toContain('404')
  })
})

describe('what is no file is neither opened nor waited for', () => {
  test('a named pipe, a socket, a device', async () => {
    const { gateway, port, root } = await host({ index: ['pipe', 'socket'] })
    expect(spawnSync('mkfifo', [path.join(root, 'pipe')]).status).toBe(0)
    const server = createServer().listen(path.join(root, 'socket'))
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const names = ['pipe', 'socket']
    // Only root may make one, and not everywhere.
    if (spawnSync('mknod', [path.join(root, 'zero'), 'c', '1', '5']).status === 0) names.push('zero')
    symlinkSync('pipe', path.join(root, 'link'))
    for (const name of [...names, 'link']) for (const slash of ['', '/']) expect((await ask(port, `/${name}${slash}`)).status).toBe(404)
    expect((await ask(port, '/')).status).toBe(200)
    expect((await stateOf(gateway))?.traffic).toMatchObject({ inFlight: 0, failed: 0 })
  })

  test('a pipe beside a file, where a compressed form would lie', async () => {
    const { port, root } = await host()
    expect(spawnSync('mkfifo', [path.join(root, 'a.txt.gz')]).status).toBe(0)
    const answer = await ask(port, '/a.txt', { headers: { 'accept-encoding': 'gzip' } })
    expect([answer.status, answer.text]).toEqual([200, 'mine'])
  })
})

test('what may not be read is not there, and the rest is', async () => {
  const { port, root, base } = await host()
  for (const folder of [base, root]) chmodSync(folder, 0o755)
  writeFileSync(path.join(root, 'locked.txt'), SECRET)
  chmodSync(path.join(root, 'locked.txt'), 0)
  mkdirSync(path.join(root, 'locked'))
  writeFileSync(path.join(root, 'locked/x.txt'), SECRET)
  chmodSync(path.join(root, 'locked'), 0)
  await asNobody(async () => {
    for (const target of ['/locked.txt', '/locked/x.txt', '/locked/']) {
      const answer = await ask(port, target)
      expect([answer.status, answer.text.includes(SECRET)]).toEqual([404, false])
    }
    expect((await ask(port, '/a.txt')).text).toBe('mine')
  })
  chmodSync(path.join(root, 'locked'), 0o755)
})

describe('without its folder a service is down and says why', () => {
  test('gone, and it recovers by itself once it is back', async () => {
    const { gateway, port, root, base } = await host()
    await until('it to be online', async () => (await stateOf(gateway))?.state === 'online')
    renameSync(root, path.join(base, 'away'))
    for (const target of ['/a.txt', '/', '/none', '/sub']) {
      const answer = await ask(port, target)
      expect([answer.status, answer.text.includes('site')]).toEqual([503, false])
      expect(answer.headers['retry-after']).toBeDefined()
    }
    expect((await gateway.rows())[0]).toMatchObject({ error: 'AR_UNAVAILABLE', reason: expect.stringContaining('cannot be read (ENOENT)') })
    await until('it to be down', async () => (await stateOf(gateway))?.state === 'down')
    expect(gateway.events.filter(({ name }) => name === 'health').at(-1)?.payload).toMatchObject({
      state: 'down',
      backend: null,
      reason: expect.stringContaining('the folder'),
    })
    expect((await stateOf(gateway))?.reason).toMatch(/site is not there$/)
    renameSync(path.join(base, 'away'), root)
    expect((await ask(port, '/a.txt')).text).toBe('mine')
    await until('it to be online again', async () => (await stateOf(gateway))?.state === 'online')
    expect((await stateOf(gateway))?.reason).toBeNull()
  })

  test('a file in its place, which is not given out', async () => {
    const { gateway, port, root, base } = await host()
    renameSync(root, path.join(base, 'away'))
    writeFileSync(root, SECRET)
    await gateway.serve({ id: 'manuals', type: 'files', root })
    for (const target of ['/a.txt', '/', '/none']) {
      const answer = await ask(port, target)
      expect([answer.status, answer.text.includes(SECRET)]).toEqual([503, false])
    }
    await until('it to be down', async () => (await stateOf(gateway))?.state === 'down')
    expect((await stateOf(gateway))?.reason).toMatch(/site is not a folder$/)
  })

  test('locked', async () => {
    const { gateway, port, root, base } = await host()
    chmodSync(base, 0o755)
    chmodSync(root, 0)
    await asNobody(async () => {
      await gateway.serve({ id: 'manuals', type: 'files', root })
      expect((await ask(port, '/a.txt')).status).toBe(503)
      await until('it to be down', async () => (await stateOf(gateway))?.state === 'down')
      expect((await stateOf(gateway))?.reason).toMatch(/^AstroRelay may not read the folder .*site$/)
    })
    chmodSync(root, 0o755)
    expect((await ask(port, '/a.txt')).text).toBe('mine')
  })

  test('one that was never there, until another is named', async () => {
    const { gateway, port, root } = await host({ root: '/nowhere/at/all' })
    expect((await ask(port, '/')).status).toBe(503)
    await until('it to be down', async () => (await stateOf(gateway))?.state === 'down')
    await gateway.serve({ id: 'manuals', type: 'files', root })
    expect((await ask(port, '/a.txt')).text).toBe('mine')
    await until('it to be online', async () => (await stateOf(gateway))?.state === 'online')
  })
})

test.runIf(process.platform === 'linux')('without a file handle left it is away for a moment, not missing', async () => {
  const { port } = await host()
  const socket = await openRaw(port, 'GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n')
  await readUntil(socket, (text) => text.endsWith('mine'))
  const before = spawnSync('prlimit', ['--pid', String(process.pid), '--nofile', '--noheadings', '-o', 'SOFT,HARD'], { encoding: 'utf8' })
    .stdout.trim()
    .split(/\s+/)
    .join(':')
  const taken: number[] = []
  limit(`${Math.max(...readdirSync('/proc/self/fd').map(Number)) + 20}:`)
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch {
    // None is left.
  }
  const answer = readUntil(socket, (text) => /ref/i.test(text) && text.includes('\r\n\r\n'))
  socket.write('GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n')
  const text = await answer
  for (const handle of taken) closeSync(handle)
  limit(before)
  expect(text).toMatch(/^HTTP\/1\.1 503 /)
  expect((await ask(port, '/a.txt')).text).toBe('mine')
})
