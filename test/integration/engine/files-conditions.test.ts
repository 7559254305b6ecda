import { statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ask, type Answer } from '../../support/ask'
import { startGateway } from '../../support/gateway'
import { tempDirectory } from '../../support/temp-directory'

const TEXT = '0123456789abcdef'
const CHANGED = new Date('2026-03-01T10:00:00.500Z')
const WORDS = 'Sun, 01 Mar 2026 10:00:00 GMT'
const EARLIER = 'Sun, 01 Mar 2026 09:59:59 GMT'
const LATER = 'Sun, 01 Mar 2026 10:00:01 GMT'

interface Hosted {
  readonly file: string
  readonly etag: string
  readonly get: (headers?: Record<string, string>, method?: string) => Promise<Answer>
}

async function host(content = TEXT): Promise<Hosted> {
  const root = tempDirectory()
  const file = path.join(root, 'a.txt')
  writeFileSync(file, content)
  utimesSync(file, CHANGED, CHANGED)
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  await gateway.serve({ id: 'manuals', type: 'files', root })
  const get: Hosted['get'] = (headers = {}, method = 'GET') => ask(gateway.port, '/a.txt', { headers, method })
  return { file, etag: (await get()).headers.etag ?? '', get }
}

test.each<[string, (etag: string) => Record<string, string>, number]>([
  ['If-None-Match of its tag', (etag) => ({ 'if-none-match': etag }), 304],
  ['If-None-Match of its tag as a weak one', (etag) => ({ 'if-none-match': `W/${etag}` }), 304],
  ['If-None-Match of several tags, its own among them', (etag) => ({ 'if-none-match': `"x", ${etag},"y"` }), 304],
  ['If-None-Match of any', () => ({ 'if-none-match': '*' }), 304],
  ['If-None-Match of others', () => ({ 'if-none-match': '"x", "y"' }), 200],
  ['If-None-Match of others, which goes before If-Modified-Since', () => ({ 'if-none-match': '"x"', 'if-modified-since': LATER }), 200],
  ['If-Modified-Since the second it was changed', () => ({ 'if-modified-since': WORDS }), 304],
  ['If-Modified-Since later', () => ({ 'if-modified-since': LATER }), 304],
  ['If-Modified-Since earlier', () => ({ 'if-modified-since': EARLIER }), 200],
  ['If-Modified-Since no date', () => ({ 'if-modified-since': 'yesterday' }), 200],
  ['If-Modified-Since in RFC 850 words', () => ({ 'if-modified-since': 'Sunday, 01-Mar-26 10:00:00 GMT' }), 304],
  ['If-Match of its tag', (etag) => ({ 'if-match': etag }), 200],
  ['If-Match of any', () => ({ 'if-match': '*' }), 200],
  ['If-Match of another', () => ({ 'if-match': '"x"' }), 412],
  ['If-Match of its tag as a weak one, which never matches', (etag) => ({ 'if-match': `W/${etag}` }), 412],
  ['If-Match of its tag, which goes before If-Unmodified-Since', (etag) => ({ 'if-match': etag, 'if-unmodified-since': EARLIER }), 200],
  ['If-Unmodified-Since the second it was changed', () => ({ 'if-unmodified-since': WORDS }), 200],
  ['If-Unmodified-Since earlier', () => ({ 'if-unmodified-since': EARLIER }), 412],
  ['If-Unmodified-Since no date', () => ({ 'if-unmodified-since': 'yesterday' }), 200],
  ['If-Match that fails, before If-None-Match', (etag) => ({ 'if-match': '"x"', 'if-none-match': etag }), 412],
])('%s is answered as RFC 9110 §13 says, to GET and HEAD alike', async (_, headers, status) => {
  const { etag, get } = await host()
  const [whole, head] = [await get(headers(etag)), await get(headers(etag), 'HEAD')]
  expect([whole.status, head.status]).toEqual([status, status])
  expect(whole.text).toBe(status === 200 ? TEXT : '')
  if (status === 304) expect([whole.headers.etag, whole.headers['last-modified']]).toEqual([etag, WORDS])
})

test.each([
  ['bytes=0-3', '0123', 'bytes 0-3/16'],
  ['bytes=0-0', '0', 'bytes 0-0/16'],
  ['bytes=15-15', 'f', 'bytes 15-15/16'],
  ['bytes=10-', 'abcdef', 'bytes 10-15/16'],
  ['bytes=-4', 'cdef', 'bytes 12-15/16'],
  ['bytes=-16', TEXT, 'bytes 0-15/16'],
  ['bytes=-1000', TEXT, 'bytes 0-15/16'],
  ['bytes=0-', TEXT, 'bytes 0-15/16'],
  ['bytes=8-99999999999999999999', '89abcdef', 'bytes 8-15/16'],
  ['BYTES=0-3', '0123', 'bytes 0-3/16'],
  ['bytes=0-3,2-5', '012345', 'bytes 0-5/16'],
  ['bytes=4-7, 0-3', '01234567', 'bytes 0-7/16'],
  ['bytes=0-1, 99-', '01', 'bytes 0-1/16'],
])('the range %s is the part %s', async (range, text, contentRange) => {
  const { etag, get } = await host()
  const answer = await get({ range })
  expect([answer.status, answer.text, answer.headers['content-range'], answer.headers['content-length']]).toEqual([
    206,
    text,
    contentRange,
    String(text.length),
  ])
  expect(answer.headers).toMatchObject({ etag, 'last-modified': WORDS, 'content-type': 'text/plain; charset=utf-8' })
})

test.each(['bytes=16-', 'bytes=99-100', 'bytes=-0', 'bytes=16-, 20-30'])(
  'the range %s lies outside, which is said with the true length',
  async (range) => {
    const { get } = await host()
    const answer = await get({ range })
    expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([416, '', 'bytes */16'])
  },
)

test.each([
  'lines=0-3',
  'bytes',
  'bytes=',
  'bytes=a-b',
  'bytes=x-4',
  'bytes=1x-5',
  'bytes=0-3-5',
  'bytes=5-2',
  'bytes=-',
  'bytes=--5',
  'bytes=+1-3',
  'bytes=0x1-5',
  'bytes=1.5-3',
  'bytes=0-1,8-9',
  `bytes=${'0-0,5-5,'.repeat(500)}9-9`,
])('%s is no range that is served, so the whole comes', async (range) => {
  const { get } = await host()
  const answer = await get({ range })
  expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([200, TEXT, undefined])
})

test.each(['bytes=0-', 'bytes=0-0'])('of an empty file no part can be had: %s', async (range) => {
  const { get } = await host('')
  const answer = await get({ range })
  expect([answer.status, answer.headers['content-range']]).toEqual([416, 'bytes */0'])
})

test('the end of an empty file is the whole of it', async () => {
  const { get } = await host('')
  const answer = await get({ range: 'bytes=-5' })
  expect([answer.status, answer.headers['content-length'], answer.headers['content-range']]).toEqual([200, '0', undefined])
})

test('a range means nothing to HEAD', async () => {
  const { get } = await host()
  const answer = await get({ range: 'bytes=0-3' }, 'HEAD')
  expect([answer.status, answer.headers['content-length'], answer.headers['content-range']]).toEqual([200, '16', undefined])
  expect((await get({ range: 'bytes=99-' }, 'HEAD')).status).toBe(200)
})

test.each<[string, (etag: string) => string, number]>([
  ['its tag', (etag) => etag, 206],
  ['the second it was changed', () => WORDS, 206],
  ['its tag as a weak one', (etag) => `W/${etag}`, 200],
  ['another tag', () => '"x"', 200],
  ['an earlier second', () => EARLIER, 200],
  ['a later second', () => LATER, 200],
  ['no date', () => 'yesterday', 200],
])('If-Range of %s: a part only of the very same version', async (_, condition, status) => {
  const { etag, get } = await host()
  expect((await get({ range: 'bytes=4-', 'if-range': condition(etag) })).status).toBe(status)
  if (status === 200) expect((await get({ range: 'bytes=99-', 'if-range': condition(etag) })).status).toBe(200)
})

test('conditions are looked at before ranges', async () => {
  const { etag, get } = await host()
  expect((await get({ range: 'bytes=0-3', 'if-none-match': etag })).status).toBe(304)
  expect((await get({ range: 'bytes=99-', 'if-match': '"x"' })).status).toBe(412)
})

test('a changed file has a new tag, and is sent anew to whoever has the old one', async () => {
  const { file, etag, get } = await host()
  writeFileSync(file, 'fedcba9876543210')
  const answer = await get({ 'if-none-match': etag })
  expect([answer.status, answer.text, answer.headers.etag === etag]).toEqual([200, 'fedcba9876543210', false])
  expect((await get({ range: 'bytes=4-', 'if-range': etag })).text).toBe('fedcba9876543210')
})

test('a file changed twice within one millisecond, in the same length, has two tags', async () => {
  const { file, get } = await host()
  const [seconds, step] = [Math.floor(CHANGED.getTime() / 1_000), 0.000_1]
  utimesSync(file, seconds, seconds + step)
  const first = (await get()).headers.etag
  utimesSync(file, seconds, seconds + 2 * step)
  expect(statSync(file).mtime.getTime()).toBe(seconds * 1_000)
  expect((await get()).headers.etag).not.toBe(first)
})

test('an unchanged file keeps its tag', async () => {
  const { etag, get } = await host()
  expect([(await get()).headers.etag, (await get({ range: 'bytes=0-1' })).headers.etag]).toEqual([etag, etag])
})

test('a file from the future or from before the epoch is served, never as changed later than now', async () => {
  const { file, get } = await host()
  for (const seconds of [4_102_444_800, -86_400, 0]) {
    utimesSync(file, seconds, seconds)
    const answer = await get()
    expect([answer.status, answer.text]).toEqual([200, TEXT])
    expect(Date.parse(answer.headers['last-modified'] ?? '')).toBeLessThanOrEqual(Date.parse(answer.headers.date ?? ''))
  }
})
