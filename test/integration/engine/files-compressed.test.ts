import { symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { hostFolder } from '../../support/hosted-folder'
import { sendRaw } from '../../support/raw-client'

describe('a file that lies there compressed', () => {
  const SCRIPT = 'let x = 1;'.repeat(100)
  const files = {
    'app.js': SCRIPT,
    'app.js.br': brotliCompressSync(SCRIPT),
    'app.js.gz': gzipSync(SCRIPT),
    'only.css': 'a{}',
    'only.css.gz': gzipSync('a{}'),
    'plain.txt': 'x',
    'orphan.txt.gz': gzipSync('orphan'),
  }

  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['br', 'br'],
    ['BR', 'br'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.000,gzip;q=0.001', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['gzip;q=0.5, br; q=0.8', 'br'],
    ['gzip;q=1.0, *;q=0.5', 'gzip'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['*, br;q=0', 'gzip'],
    ['identity', undefined],
    ['identity;q=1, gzip;q=0.5', undefined],
    ['identity;q=0.5, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['deflate, zstd', undefined],
    ['brr, gzipp', undefined],
    ['', undefined],
  ])('is sent so to whoever prefers it: %s', async (encoding, coded) => {
    const { port } = await hostFolder(files)
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(port, '/app.js', { method, headers: { 'accept-encoding': encoding } })
      expect([answer.status, answer.headers['content-encoding'], answer.headers.vary, answer.headers['content-type']]).toEqual([
        200,
        coded,
        'Accept-Encoding',
        'text/javascript; charset=utf-8',
      ])
      expect(Number(answer.headers['content-length'])).toBe(
        coded === undefined ? SCRIPT.length : files[coded === 'br' ? 'app.js.br' : 'app.js.gz'].length,
      )
    }
  })

  test('has the bytes of the file itself, and every form has its own tag', async () => {
    const { port } = await hostFolder(files)
    const tags = new Set<string | undefined>()
    for (const encoding of ['identity', 'gzip', 'br'])
      tags.add((await ask(port, '/app.js', { headers: { 'accept-encoding': encoding } })).headers.etag)
    expect(tags.size).toBe(3)
    const raw = await sendRaw(port, 'GET /app.js HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n')
    expect(gunzipSync(Buffer.from(raw.body, 'latin1')).toString()).toBe(SCRIPT)
  })

  test('is not made up where it is missing, and Vary is said only where there is a choice', async () => {
    const { port } = await hostFolder(files)
    const only = await ask(port, '/only.css', { headers: { 'accept-encoding': 'br' } })
    const plain = await ask(port, '/plain.txt', { headers: { 'accept-encoding': 'br, gzip' } })
    expect([only.headers['content-encoding'], only.headers.vary, plain.headers['content-encoding'], plain.headers.vary]).toEqual([
      undefined,
      'Accept-Encoding',
      undefined,
      undefined,
    ])
    expect((await ask(port, '/orphan.txt', { headers: { 'accept-encoding': 'gzip' } })).status).toBe(404)
    const packed = await ask(port, '/orphan.txt.gz', { headers: { 'accept-encoding': 'gzip' } })
    expect([packed.headers['content-encoding'], packed.headers['content-type']]).toEqual([undefined, 'application/gzip'])
  })

  test('is used for the index, too, and 304 says Vary as 200 does', async () => {
    const { port } = await hostFolder({ 'index.html': '<p>', 'index.html.gz': gzipSync('<p>') })
    const first = await ask(port, '/', { headers: { 'accept-encoding': 'gzip' } })
    expect([first.headers['content-encoding'], first.headers['content-type']]).toEqual(['gzip', 'text/html; charset=utf-8'])
    const again = await ask(port, '/', { headers: { 'accept-encoding': 'gzip', 'if-none-match': first.headers.etag ?? '' } })
    expect([again.status, again.headers.vary, again.headers.etag]).toEqual([304, 'Accept-Encoding', first.headers.etag])
  })

  test('is not found through a link that leads out', async () => {
    const { port, root } = await hostFolder({ 'a.txt': 'plain' })
    writeFileSync(path.join(root, '../outside.gz'), gzipSync('outside'))
    symlinkSync('../outside.gz', path.join(root, 'a.txt.gz'))
    const answer = await ask(port, '/a.txt', { headers: { 'accept-encoding': 'gzip' } })
    expect([answer.text, answer.headers['content-encoding']]).toEqual(['plain', undefined])
  })
})
