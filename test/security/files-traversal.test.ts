import * as fc from 'fast-check'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/ask'
import { startGateway, type Gateway } from '../support/gateway'

import { SLASH, TRICKS, UP } from '../support/traversal'
import { readUntil } from '../support/raw-client'

/** Bytes that lie outside the hosted folder, and may never be in an answer. */
const SECRET = 'SECRET-b41d-of-the-neighbour'
const NAMES = ['secret.txt', 'outside-listing-name.txt']

let base: string
let gateway: Gateway

beforeAll(async () => {
  base = mkdtempSync(path.join(tmpdir(), 'astrorelay-test-'))
  for (const folder of ['site/sub/deep', 'site/etc', 'site-secret', 'siteb', 'empty'])
    mkdirSync(path.join(base, folder), { recursive: true })
  for (const folder of ['', 'site-secret', 'siteb'])
    for (const name of [...NAMES, 'index.html', 'passwd']) writeFileSync(path.join(base, folder, name), SECRET)
  for (const file of ['index.html', 'a.txt', 'sub/index.html', 'sub/a.txt', 'sub/deep/a.txt'])
    writeFileSync(path.join(base, 'site', file), 'mine')
  symlinkSync('../site-secret', path.join(base, 'site/out'))
  symlinkSync('/', path.join(base, 'site/machine'))
  gateway = await startGateway({ settings: { limits: { connectionsPerClient: 1_000 } } })
  const root = path.join(base, 'site')
  await gateway.serve(
    { id: 'plain', type: 'files', root, listing: true },
    { id: 'dotted', type: 'files', root, listing: true, dotFiles: true, hosts: ['dotted.lan'] },
    { id: 'below', type: 'files', root, listing: true, dotFiles: true, path: '/docs', hosts: ['below.lan'] },
    {
      id: 'strict',
      type: 'files',
      root: path.join(base, 'site-secret'),
      path: '/docs/private',
      hosts: ['below.lan'],
      access: { default: 'deny', rules: [] },
    },
    { id: 'app', type: 'files', root, fallback: 'index.html', dotFiles: true, hosts: ['app.lan'] },
  )
})
afterAll(async () => {
  await gateway.stop()
  rmSync(base, { recursive: true, force: true })
})

/** All that comes for one request line, sent as it is. */
function exchange(target: string, host: string, encoding: BufferEncoding = 'latin1'): Promise<string> {
  const socket = connect({ port: gateway.port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  socket.write(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`, encoding))
  return readUntil(socket, () => false)
}

const HOSTS = ['a', 'dotted.lan', 'below.lan', 'app.lan']

/** Every answer to it is whole HTTP, none fails, none has a byte from outside. */
async function expectNothing(target: string): Promise<void> {
  for (const host of HOSTS) {
    for (const prefix of host === 'below.lan' ? ['', '/docs'] : ['']) {
      const text = await exchange(prefix === '' || !target.startsWith('/') ? target : prefix + target, host)
      expect(text, `${host} ${target.slice(0, 200)}`).toMatch(/^HTTP\/1\.1 (?:200|308|400|403|404|414|431) /)
      expect(text).not.toContain(SECRET)
      expect(text).not.toContain('outside-listing-name')
      expect(text).not.toMatch(/root:.*:0:0:/)
    }
  }
}

describe('no way up, however it is spelt, leads to what lies around the folder', () => {
  test.each(UP)('%s, with every slash', async (up) => {
    await Promise.all(
      SLASH.flatMap((slash) =>
        NAMES.slice(0, 1).flatMap((name) => [
          `/${up}${slash}${name}`,
          `/sub${slash}${up}${slash}${up}${slash}${name}`,
          `/${up}${slash}site-secret${slash}${name}`,
          `/sub/${up}${slash}${up}${slash}siteb/${name}`,
          `/a.txt${slash}${up}${slash}${up}${slash}${name}`,
        ]),
      ).map(expectNothing),
    )
  })

  test('to a folder, whose list would tell its names', async () => {
    await Promise.all(
      UP.flatMap((up) => [`/${up}`, `/${up}/`, `/sub/${up}/${up}/`, `/${up}/site-secret/`, `/${up}/empty/`]).map(expectNothing),
    )
  })
})

describe('no other trick does either', () => {
  test.each(TRICKS)('%s', expectNothing)

  test('bytes beyond ASCII, as they are', async () => {
    for (const target of [
      '/\xc0\xae\xc0\xae/secret.txt',
      '/..\xc0\xafsecret.txt',
      '/\xef\xbc\x8e\xef\xbc\x8e/secret.txt',
      '/\xff',
      '/\u2025/secret.txt',
    ])
      for (const host of HOSTS)
        for (const encoding of ['latin1', 'utf8'] as const) {
          const text = await exchange(target, host, encoding)
          expect(text).toMatch(/^HTTP\/1\.1 4/)
          expect(text).not.toContain(SECRET)
        }
  })

  test('paths of any length and depth', async () => {
    const targets = [300, 1_000, 4_095, 4_096, 4_097, 10_000].flatMap((size) => [
      `/${'a'.repeat(size)}`,
      `/${'a/'.repeat(size / 2)}`,
      `/${'../'.repeat(size / 3)}secret.txt`,
      `/${'%2e%2e%2f'.repeat(size / 9)}secret.txt`,
      `/${'./'.repeat(size / 2)}../secret.txt`,
      `/${'sub/../'.repeat(size / 7)}../secret.txt`,
      `/${'%C3%A4'.repeat(size / 6)}`,
      `/sub${'/'.repeat(size)}../../secret.txt`,
      `/a.txt${'%00'.repeat(size / 3)}`,
      `/a.txt?${'x'.repeat(size)}`,
    ])
    for (const target of [...targets, `/${'n'.repeat(256)}.txt`, `/sub/${'ä'.repeat(200).replaceAll('ä', '%C3%A4')}/x`])
      await expectNothing(target)
  })
})

test('thousands of paths put together from every trick give out nothing', { timeout: 120_000 }, async () => {
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...UP) },
    { weight: 4, arbitrary: fc.constantFrom(...SLASH) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'sub',
        'a.txt',
        'secret.txt',
        'site-secret',
        'siteb',
        'site',
        '-secret',
        'out',
        'machine',
        'etc',
        'passwd',
        'docs',
        'private',
        'index.html',
        'SuB',
        '%73ub',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('%00', ';x=1', '?', '#', ':', '::$DATA', '~1', '%20', '%09', '.', '%', '%2', '%ff', '%0a', '*', '&'),
    },
  )
  const start = fc.constantFrom('/', '/', '/', '//', '/docs/', 'http://a/', 'http://below.lan/docs/')
  await fc.assert(
    fc.asyncProperty(start, fc.array(piece, { minLength: 1, maxLength: 12 }), fc.constantFrom(...HOSTS), async (first, pieces, host) => {
      const target = (first + pieces.join('')).replaceAll(' ', '%20')
      const text = await exchange(target, host)
      expect(text).toMatch(/^HTTP\/1\.1 (?:200|308|400|403|404) /)
      expect(text).not.toContain(SECRET)
      expect(text).not.toContain('outside-listing-name')
      expect(text).not.toMatch(/root:.*:0:0:/)
    }),
    { numRuns: 4_000 },
  )
})

test('whatever is sent on is sent on within the same site', async () => {
  for (const target of [
    '//evil.example/..',
    '/%2f%2fevil.example',
    '/\\evil.example',
    '/%5cevil.example',
    '//evil.example/sub',
    '/sub//evil.example',
    '/.//sub',
    '/sub',
    '/docs',
    '//docs',
    '/http:sub',
    '/sub?//evil.example',
    '/sub%0d%0aLocation:%20http://evil.example',
  ])
    for (const host of HOSTS) {
      const location = /^Location: (.*)$/im.exec(await exchange(target, host))?.[1]
      if (location !== undefined) expect(new URL(location.trim(), `http://own.site${target}`).host).toBe('own.site')
    }
})

test('after all of it files are served as before', async () => {
  for (const [host, target] of [
    ['a', '/a.txt'],
    ['dotted.lan', '/sub/deep/a.txt'],
    ['below.lan', '/docs/sub/a.txt'],
    ['app.lan', '/'],
  ] as const) {
    expect((await ask(gateway.port, target, { headers: { host } })).text).toBe('mine')
  }
  for (const { traffic } of (await gateway.status()).services) expect(traffic).toMatchObject({ inFlight: 0, failed: 0 })
})
