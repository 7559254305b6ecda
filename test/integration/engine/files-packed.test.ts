import { utimesSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Answer, ask } from '../../support/ask'
import { hostFolder } from '../../support/hosted-folder'

const SCRIPT = 'console.log("now")'
const OLD = 'console.log("before")'
const PACKED = {
  'app.js': SCRIPT,
  'app.js.br': brotliCompressSync(OLD),
  'app.js.zst': 'as zstd has it',
  'app.js.gz': gzipSync(OLD),
}
const ALL = 'br, zstd, gzip'
const get = (port: number, accepted: string, more: Record<string, string> = {}): Promise<Answer> =>
  ask(port, '/app.js', { headers: { 'accept-encoding': accepted, ...more } })
const coding = async (answer: Promise<Answer>): Promise<string | undefined> => (await answer).headers['content-encoding']

/** When files were changed, in seconds. */
function date(root: string, times: Readonly<Record<string, number>>): void {
  for (const [name, time] of Object.entries(times)) utimesSync(path.join(root, name), time, time)
}

test('a packed file that is older than its source is not sent: who asks gets what is there now', async () => {
  const { port, root } = await hostFolder(PACKED)
  date(root, { 'app.js': 2_000, 'app.js.br': 1_000, 'app.js.zst': 1_999, 'app.js.gz': 1_000 })
  const answer = await get(port, ALL)
  expect([answer.status, answer.text, answer.headers['content-encoding']]).toEqual([200, SCRIPT, undefined])
  // A cache that asked once must ask again when the file has been packed anew.
  expect(answer.headers.vary).toBe('Accept-Encoding')
  expect((await get(port, ALL, { range: 'bytes=0-6' })).text).toBe('console')
})

test('of packed files only those are sent that are no older; the same second is not older, since packers and archives round', async () => {
  const { port, root } = await hostFolder(PACKED)
  date(root, { 'app.js': 2_000.5, 'app.js.br': 1_999, 'app.js.zst': 2_000, 'app.js.gz': 3_000 })
  expect([await coding(get(port, ALL)), await coding(get(port, 'br, gzip')), await coding(get(port, 'br'))]).toEqual([
    'zstd',
    'gzip',
    undefined,
  ])
  date(root, { 'app.js.zst': 2_000.25 })
  expect(await coding(get(port, 'zstd'))).toBeUndefined()
})

test('a page that is changed while clients know it packed is new to them, by its ETag and by its day', async () => {
  const { port, root } = await hostFolder(PACKED)
  date(root, { 'app.js': 1_000, 'app.js.gz': 1_000 })
  const packed = await get(port, 'gzip')
  expect(packed.headers['content-encoding']).toBe('gzip')
  const known = { 'if-none-match': packed.headers.etag ?? '', 'if-modified-since': packed.headers['last-modified'] ?? '' }
  expect((await get(port, 'gzip', known)).status).toBe(304)
  date(root, { 'app.js': 2_000 })
  const now = await get(port, 'gzip', known)
  expect([now.status, now.text, now.headers.etag === packed.headers.etag]).toEqual([200, SCRIPT, false])
  expect((await get(port, 'gzip', { 'if-modified-since': known['if-modified-since'] })).status).toBe(200)
  // A part of the packed version is no part of this one.
  expect((await get(port, 'gzip', { range: 'bytes=0-6', 'if-range': known['if-none-match'] })).status).toBe(200)
})

test('zstd is sent to those that name it, between brotli and gzip', async () => {
  const { port } = await hostFolder(PACKED)
  expect([
    await coding(get(port, ALL)),
    await coding(get(port, 'gzip, zstd')),
    await coding(get(port, 'gzip, zstd;q=0')),
    await coding(get(port, 'identity')),
  ]).toEqual(['br', 'zstd', 'gzip', undefined])
})

test('a service can leave packed files alone; then nothing depends on what clients take', async () => {
  const { port } = await hostFolder(PACKED, { precompressed: false })
  const answer = await get(port, ALL)
  expect([answer.text, answer.headers['content-encoding'], answer.headers.vary]).toEqual([SCRIPT, undefined, undefined])
  expect((await ask(port, '/app.js.gz')).headers).toMatchObject({ 'content-type': 'application/gzip' })
})

test('a packed file without its source is a file of its own name, and answers for no other', async () => {
  const { port } = await hostFolder({ 'gone.js.gz': gzipSync(OLD) })
  expect((await ask(port, '/gone.js', { headers: { 'accept-encoding': ALL } })).status).toBe(404)
  const own = await ask(port, '/gone.js.gz', { headers: { 'accept-encoding': ALL } })
  expect([own.status, own.headers['content-type'], own.headers['content-encoding']]).toEqual([200, 'application/gzip', undefined])
})
