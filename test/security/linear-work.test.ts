import { afterAll, beforeAll, expect, test } from 'vitest'
import { StepCounter } from '../support/linear/steps'

/**
 * What strangers send is looked at in so many steps for each of its bytes at most, however long it is: blocks of code gone
 * through, and signs that the language's own methods look through. They are counted, not timed, so the outcome is the same on
 * every machine. What is done anew for each byte takes half of the length.
 */
const PER_BYTE = 250
const LENGTH = 8_000

const counter = new StepCounter()
afterAll(() => counter.stop())

let readers: Readonly<Record<string, (text: string) => void>> = {}

/** Loaded only when the counter runs. */
beforeAll(async () => {
  readers = (await import('../support/linear/readers')).readers
})

const FIELDS = {
  'a request': [
    'Host',
    'Connection',
    'Upgrade',
    'Content-Length',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Prefix',
    'Forwarded',
    'X-Request-ID',
    'X_Real.IP',
    'Via',
    'Accept',
    'Accept-Encoding',
    'Range',
    'If-None-Match',
    'If-Match',
    'Authorization',
    'Cookie',
    'Destination',
    'If',
    'X-Other',
  ],
  'an answer': ['Connection', 'Upgrade', 'Content-Length', 'Location', 'Link', 'Refresh', 'Set-Cookie', 'Keep-Alive', 'X-Other'],
} as const
/** What the fields’ grammars are made of. */
const PUMPS = [
  ' ',
  '\t',
  'a',
  '0',
  '/',
  '//',
  '<',
  '<>',
  '</>',
  '</a>,',
  '(',
  '("',
  '"',
  '\\',
  ';',
  ',',
  'a,',
  ', ',
  '=',
  'a=',
  'a=b;',
  '; path=/x',
  ' ; ',
  '%2f',
  '../',
  '[',
  ':',
  '::',
  '.',
  '1.',
  '@',
  '?',
  'for=1.1.1.1,',
  'for="',
  '10.0.0.1, ',
  'q=0.',
  'http://',
  'own=1; ',
  'websocket, ',
  '\u00e9',
  '"a",',
  '1-2,',
] as const
const BEGINNINGS = ['', 'a=', 'a=b; path=', '5; url=', '/a'] as const
const ENDS = ['', 'x"', ' x'] as const

function fill(pump: string, length = LENGTH): string {
  return pump.repeat(Math.ceil(length / pump.length))
}

/** Those of the texts for which a reader takes too many steps. */
function tooLong(name: string, texts: Iterable<readonly [string, string]>): string[] {
  const run = readers[name]
  if (run === undefined) throw new Error(`there is no reader of ${name}`)
  const found: string[] = []
  for (const [label, text] of texts) {
    const steps = counter.of(() => run(text)) / text.length
    if (steps > PER_BYTE) found.push(`${label}: ${Math.round(steps)} steps for each byte`)
  }
  return found
}

const HEADS = {
  'a request': 'GET /wiki/a HTTP/1.1\r\nHost: wiki.lan\r\nConnection: upgrade, x\r\nUpgrade: websocket\r\n',
  'an answer': 'HTTP/1.1 200 OK\r\n',
} as const
const KINDS = ['a request', 'an answer'] as const

test.each(KINDS.flatMap((kind) => FIELDS[kind].map((field) => [kind, field] as const)))(
  '%s is read in linear time, whatever is in its %s',
  (kind, field) => {
    function* texts(): Generator<readonly [string, string]> {
      for (const [index, pump] of PUMPS.entries()) {
        const begin = BEGINNINGS[index % BEGINNINGS.length] ?? ''
        yield [JSON.stringify(begin + pump), `${HEADS[kind]}${field}: ${begin}${fill(pump)}${ENDS[index % ENDS.length] ?? ''}\r\n\r\n`]
      }
      // And as many of them as there is room for.
      for (const value of ['', 'a', '</>', 'a=b', '/a', '1.1.1.1', 'a, b'])
        yield [`many ${value}`, `${HEADS[kind]}${fill(`${field}: ${value}\r\n`)}\r\n`]
    }
    expect(tooLong(kind, texts())).toEqual([])
  },
)

test.each(KINDS)('%s that names many things in Connection and Upgrade is read in linear time, however many fields it has', (kind) => {
  const options = Array.from({ length: 3_000 }, (_, n) => `x${n}`).join()
  const fields = Array.from({ length: 980 }, (_, n) => `X${n}: 1\r\n`).join('')
  expect(tooLong(kind, [['options', `${HEADS[kind]}Connection: ${options}\r\nUpgrade: ${options}\r\n${fields}\r\n`]])).toEqual([])
})

test('a request is read in linear time, whatever its target', () => {
  const texts = PUMPS.filter((pump) => !/[\s]/.test(pump)).map((pump) => [pump, `GET /${fill(pump)} HTTP/1.1\r\nHost: a\r\n\r\n`] as const)
  expect(tooLong('a request', texts)).toEqual([])
})

test.each(KINDS)('%s is read in linear time, whatever its lines begin with', (kind) => {
  const lines = ['a: b\r\n', 'a:\r\n', ' \r\n', ' a\r\n', '\r\n', '\n', ':', 'a', 'Content-Length: 0\r\n', 'host: a\n', 'host ', '\u0001']
  expect(
    tooLong(
      kind,
      lines.map((line) => [JSON.stringify(line), `${HEADS[kind]}${fill(line)}\r\n\r\n`]),
    ),
  ).toEqual([])
})

test.each(['the trailers of a request', 'the trailers of an answer'])('%s are read in linear time', (kind) => {
  const lines = ['a: b\r\n', 'a:\r\n', ' a\r\n', ':', 'a', ' ', '\r', 'a: b\n']
  expect(
    tooLong(
      kind,
      lines.map((line) => [JSON.stringify(line), fill(line, 15_000)]),
    ),
  ).toEqual([])
})

test.each([
  ['the first bytes of a tcp connection', ''],
  ['a TLS record', ''],
  ['a PROXY head', 'PROXY TCP4 '],
  ['a greeting of MySQL', ''],
  ['a page', '<title>'],
  ['a list of addresses', '#'],
  ['an address', '::'],
  ['a backend’s address', 'http://a/'],
  ['a public address', 'a/'],
  ['a name', ''],
  ['what netstat prints', 'TCP 1:1 '],
])('%s is read in linear time', (name, begin) => {
  const more = [
    '\0',
    '\u0001\0\0\0',
    '\0\0\0\u0001a',
    '\u0016\u0003\u0001\0\u0001\u0001',
    '<title',
    '<title>',
    '&a',
    '&#',
    '#',
    '# ',
    '"",',
    '\n',
    ' \n',
    '10.0.0.1\n',
    'TCP ',
    '-',
    'a-',
    'http://a/',
  ]
  const texts = [...PUMPS, ...more].flatMap((pump) => {
    const row = fill(pump, 8_000)
    return [
      [JSON.stringify(pump), row],
      [JSON.stringify(begin + pump), `${begin}${row}\u2028x`],
    ] as const
  })
  expect(tooLong(name, texts)).toEqual([])
})
