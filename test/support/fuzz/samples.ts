import type { Random } from './random'
import type { Sample } from './reading'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND', 'GET', 'POST']
const TARGETS = ['/', '/a', '/a/b?c=d&e=%20f', '/%C3%A4', '//x', '/a;b=c,d', '/?', '/*', '/a:b@c', "/!$&'()*+", 'http://wiki.test/x?y', '*']
const NAMES = [
  'Accept',
  'X-A',
  'Cookie',
  'Via',
  'x_under',
  'Content-Type',
  'X-!#$%&',
  'TE',
  'Range',
  'If-Match',
  'Upgrade-Insecure-Requests',
]
const VALUES = [
  '',
  'a',
  '*/*',
  'a=b; c=d',
  'text/html, a/b;q=0.5',
  '"quoted \\" text"',
  'tab\tinside',
  'caf\xe9',
  '0',
  'x'.repeat(300),
  'a,,b',
  'http://a/b?c#d',
]
const SPACES = ['', ' ', '  ', '\t', ' \t ']
const STATUSES = [
  '200 OK',
  '404 Not Found',
  '204 No Content',
  '304 Not Modified',
  '100 Continue',
  '103 Early Hints',
  '500 ',
  '206 Partial Content',
  '201 Caf\xe9',
]
const EXTENSIONS = ['', '', '', ';a', ';a=b', ';a="b c"', ';a=1;b="\\""']
const LOOSE_EXTENSIONS = [';', ';;', ';a=', '; a = b', ';"', ';a b']
const BODY_BYTES = 'abc\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\x00\xff;'

/** What breaks parsers: tokens of framing, odd white space, bytes that some programs take for a line's end. */
const TOKENS = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '\n\n',
  '\0',
  ' ',
  '\t',
  '\v',
  '\f',
  '\x7f',
  '\x85',
  '\xa0',
  ':',
  ' :',
  ': ',
  ',',
  ';',
  '"',
  '\\',
  '#',
  '+',
  '-',
  '0',
  '0x',
  '00',
  '1',
  'a',
  'A',
  'F',
  '_',
  '/',
  '?',
  '@',
  'Content-Length: 3\r\n',
  'Content-Length: 0\r\n',
  'Content-Length: +3\r\n',
  'Content-Length: 3, 3\r\n',
  'Content-Length:\r\n',
  'Content-Length: 18446744073709551617\r\n',
  'Content_Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Transfer-Encoding: chunked, chunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding: chunked, gzip\r\n',
  'Transfer-Encoding:\vchunked\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Transfer-Encoding\r\n : chunked\r\n',
  'transfer-encoding: CHUNKED\r\n',
  'Transfer-Encoding: xchunked\r\n',
  'Transfer-Encoding: "chunked"\r\n',
  'Host: evil\r\n',
  'Host:\r\n',
  'Host: a b\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive\r\n',
  'Connection: upgrade\r\nUpgrade: websocket\r\n',
  'Upgrade: h2c\r\n',
  'Expect: 100-continue\r\n',
  ' folded\r\n',
  '\tfolded\r\n',
  'X: y\n',
  'X: y\r',
  '\r\nX: y',
  '0\r\n\r\n',
  '0\r\nX: y\r\n\r\n',
  '3\r\nabc\r\n',
  '00000000000000000\r\n\r\n',
  'ffffffffffffffff\r\n',
  '-1\r\n',
  '3 \r\n',
  '3;\r\n',
  '3;a\n',
  ' HTTP/1.1',
  ' HTTP/1.0',
  ' HTTP/2.0',
  ' HTTP/1.10',
  ' http/1.1',
  'HTTP/1.1 200 OK\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
]

/** The next sample: one to three messages on one connection, twisted in most cases at zero to four places. */
export function nextSample(random: Random): Sample {
  const kind = random.oneIn(3) ? 'response' : 'request'
  const answers = kind === 'response' && random.oneIn(6) ? 'HEAD' : 'GET'
  const ends = random.oneIn(2)
  const count = 1 + (random.oneIn(3) ? random.below(3) : 0)
  let text = ''
  for (let n = 0; n < count; n++) text += kind === 'request' ? request(random) : response(random, answers, ends && n === count - 1)
  const twists = random.oneIn(4) ? 0 : 1 + random.below(4)
  for (let n = 0; n < twists; n++) text = twist(random, text)
  return { kind, bytes: Buffer.from(text, 'latin1'), answers, ends, valid: twists === 0 }
}

function request(random: Random): string {
  const target = random.pick(TARGETS)
  const method = target === '*' ? 'OPTIONS' : random.pick(METHODS)
  const version = random.oneIn(12) ? 'HTTP/1.0' : 'HTTP/1.1'
  const framing =
    version === 'HTTP/1.0' ? random.pick(['none', 'length'] as const) : random.pick(['none', 'none', 'length', 'chunked'] as const)
  return message(random, `${method} ${target} ${version}`, ['Host: wiki.test\r\n'], framing, STRICT)
}

/** How a message is written: strictly, or with the liberties that a reader of answers allows. */
interface Hand {
  lineEnd(): string
  /** Before a colon or an extension, behind a chunk's size. */
  blanks(): string
  loose: boolean
}

const STRICT: Hand = { lineEnd: () => '\r\n', blanks: () => '', loose: false }

function looseHand(random: Random): Hand {
  return {
    lineEnd: () => (random.oneIn(3) ? '\n' : '\r\n'),
    blanks: () => (random.oneIn(4) ? random.pick(SPACES) : ''),
    loose: true,
  }
}

function response(random: Random, answers: 'GET' | 'HEAD', last: boolean): string {
  const status = random.pick(STATUSES)
  const bodiless = /^(1|204|304)/.test(status)
  const hand = random.oneIn(3) ? looseHand(random) : STRICT
  if (answers === 'HEAD' || bodiless)
    return message(random, `HTTP/1.1 ${status}`, answers === 'HEAD' && !bodiless ? ['Content-Length: 5\r\n'] : [], 'none', hand)
  return message(
    random,
    `HTTP/1.1 ${status}`,
    [],
    random.pick(last ? (['length', 'chunked', 'close'] as const) : (['length', 'chunked'] as const)),
    hand,
  )
}

function message(
  random: Random,
  start: string,
  needed: readonly string[],
  framing: 'none' | 'length' | 'chunked' | 'close',
  hand: Hand,
): string {
  const body = framing === 'none' ? '' : bytes(random, random.oneIn(20) ? 3_000 : 40)
  const fields = [...needed]
  const add = (text: string): void => void fields.splice(random.below(fields.length + 1), 0, text)
  for (let n = random.oneIn(30) ? 60 : random.below(5); n > 0; n--) add(field(random, hand))
  if (framing === 'length')
    for (let n = hand.loose && random.oneIn(4) ? 2 : 1; n > 0; n--)
      add(`${cased(random, 'Content-Length')}${hand.blanks()}:${random.pick(SPACES)}${length(random, body, hand)}${hand.lineEnd()}`)
  if (framing === 'chunked')
    add(`${cased(random, 'Transfer-Encoding')}${hand.blanks()}:${random.pick(SPACES)}${cased(random, 'chunked')}${hand.lineEnd()}`)
  return `${start}${hand.lineEnd()}${fields.join('')}${hand.lineEnd()}${framing === 'chunked' ? chunked(random, body, hand) : body}`
}

function length(random: Random, body: string, { loose }: Hand): string {
  if (!loose || !random.oneIn(4)) return String(body.length)
  return random.pick([`00${body.length}`, `${body.length}, ${body.length}`, `${body.length} ,0${body.length}`])
}

function field(random: Random, hand: Hand): string {
  const fold = hand.loose && random.oneIn(6) ? `${hand.lineEnd()}${random.pick([' ', '\t', '  '])}${random.pick(VALUES)}` : ''
  return `${random.pick(NAMES)}${hand.blanks()}:${random.pick(SPACES)}${random.pick(VALUES)}${fold}${random.pick(SPACES)}${hand.lineEnd()}`
}

function chunked(random: Random, body: string, hand: Hand): string {
  let text = ''
  for (let at = 0; at < body.length;) {
    const size = 1 + random.below(Math.min(body.length - at, 64))
    const zeroes = hand.loose ? '0'.repeat(random.below(20)) : '00'
    const hex = random.oneIn(5) ? `${zeroes}${size.toString(16).toUpperCase()}` : size.toString(16)
    text += `${hex}${extension(random, hand)}${hand.lineEnd()}${body.slice(at, at + size)}${hand.lineEnd()}`
    at += size
  }
  return `${text}0${extension(random, hand)}${hand.lineEnd()}${random.oneIn(4) ? field(random, hand) : ''}${hand.lineEnd()}`
}

function extension(random: Random, hand: Hand): string {
  return `${hand.blanks()}${random.pick(hand.loose && random.oneIn(3) ? LOOSE_EXTENSIONS : EXTENSIONS)}${hand.blanks()}`
}

function bytes(random: Random, limit: number): string {
  let text = ''
  for (let n = random.below(limit); n > 0; n--) text += BODY_BYTES[random.below(BODY_BYTES.length)] ?? ''
  return text
}

function cased(random: Random, word: string): string {
  return random.pick([word, word, word.toLowerCase(), word.toUpperCase()])
}

/** One twist, mostly where framing is decided: at a line's end, a colon, a space, a digit. */
function twist(random: Random, text: string): string {
  const at = random.oneIn(3) ? random.below(text.length + 1) : interesting(random, text)
  switch (random.below(9)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1)
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + (random.oneIn(3) ? random.below(8) : 0))
    case 2:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at)
    case 3:
      return text.slice(0, at)
    case 4:
      return repeatLine(random, text)
    case 5:
      return text.slice(0, at) + text.slice(at, at + random.below(40)) + text.slice(at)
    case 6:
      return atLine(random, text, random.pick(TOKENS))
    default:
      return text.slice(0, at) + random.pick(TOKENS) + text.slice(at)
  }
}

function interesting(random: Random, text: string): number {
  const start = random.below(text.length + 1)
  for (let at = start; at < text.length; at++) if (/[\r\n: ;,0-9]/.test(text[at] ?? '')) return at + random.below(2)
  return start
}

/** A line sent twice: two lengths, two hosts. */
function repeatLine(random: Random, text: string): string {
  const lines = text.split('\r\n')
  const line = random.below(lines.length)
  lines.splice(random.below(lines.length + 1), 0, lines[line] ?? '')
  return lines.join('\r\n')
}

function atLine(random: Random, text: string, token: string): string {
  const start = text.indexOf('\r\n', random.below(text.length + 1))
  return start === -1 ? text + token : text.slice(0, start + 2) + token + text.slice(start + 2)
}
