/** What a client sends, and what may become of it. */
export interface RequestCase {
  readonly name: string
  readonly send: string
  /**
   * `refused`: answered with one of `statuses`, the connection closed, not one byte of it at a backend ·
   * `cut`: the head may have gone ahead of a body that turns out wrong, but no backend ever sees a whole request ·
   * `passed`: exactly `targets` arrive, and the connection stays in step ·
   * `either`: one or the other, where the specification leaves the choice.
   */
  readonly expect: 'refused' | 'cut' | 'passed' | 'either'
  readonly statuses: readonly number[]
  /** The targets a backend may see, in order. */
  readonly targets: readonly string[]
  /** The body of the first request it sees. */
  readonly body: string | undefined
}

const HOST = 'Host: wiki.test\r\n'
/** What an attacker wants a backend to take for a request of its own. */
const SMUGGLED = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`

type Options = Partial<Pick<RequestCase, 'statuses' | 'targets' | 'body'>>

function of(expect: RequestCase['expect'], name: string, send: string, options: Options = {}): RequestCase {
  return {
    name,
    send,
    expect,
    statuses: options.statuses ?? [400],
    targets: options.targets ?? (expect === 'passed' || expect === 'either' ? ['/a'] : []),
    body: options.body,
  }
}

function get(...fields: string[]): string {
  return `GET /a HTTP/1.1\r\n${HOST}${fields.map((field) => `${field}\r\n`).join('')}\r\n`
}

function post(fields: readonly string[], body: string): string {
  return `POST /a HTTP/1.1\r\n${HOST}${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`
}

function chunked(body: string): string {
  return post(['Transfer-Encoding: chunked'], body)
}

const ZERO = `0\r\n\r\n${SMUGGLED}`

const lengthAndCoding: readonly RequestCase[] = [
  of(
    'refused',
    'CL.TE: the length covers a chunked end and a smuggled request',
    post([`Content-Length: ${ZERO.length}`, 'Transfer-Encoding: chunked'], ZERO),
  ),
  of('refused', 'TE.CL: Transfer-Encoding first', post(['Transfer-Encoding: chunked', 'Content-Length: 4'], `5e\r\n${SMUGGLED}0\r\n\r\n`)),
  of('refused', 'CL.0: a length of 0 with chunks', post(['Content-Length: 0', 'Transfer-Encoding: chunked'], ZERO)),
  of('refused', 'CL.TE with the coding in capitals', post(['Content-Length: 5', 'TRANSFER-ENCODING: CHUNKED'], '0\r\n\r\n')),
  of('refused', 'CL.TE although both agree', post(['Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n')),
  of('refused', 'CL.TE on HTTP/1.0', `POST /a HTTP/1.0\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
  of(
    'refused',
    'Transfer-Encoding on HTTP/1.0 (RFC 9112 §6.1: faulty framing)',
    `POST /a HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ),
  of('refused', 'an unreadable length with chunks', post(['Content-Length: x', 'Transfer-Encoding: chunked'], '0\r\n\r\n')),
  of(
    'refused',
    'chunked named by Connection, to be stripped before it frames',
    post(['Connection: Transfer-Encoding', 'Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  ),
  of('either', 'Content-Length named by Connection', post(['Connection: close-not, Content-Length', 'Content-Length: 3'], 'abc'), {
    body: 'abc',
  }),
  of(
    'either',
    'Transfer-Encoding named by Connection',
    post(['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked'], '3\r\nabc\r\n0\r\n\r\n'),
    { body: 'abc' },
  ),
]

const CODINGS: readonly (readonly [string, string])[] = [
  ['identity', 'Transfer-Encoding: identity'],
  ['chunked twice in one field', 'Transfer-Encoding: chunked, chunked'],
  ['chunked twice in two fields', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'],
  ['chunked, then identity', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity'],
  ['identity, then chunked', 'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked'],
  ['chunked not last', 'Transfer-Encoding: chunked, gzip'],
  ['gzip alone', 'Transfer-Encoding: gzip'],
  ['a prefix', 'Transfer-Encoding: xchunked'],
  ['a suffix', 'Transfer-Encoding: chunkedx'],
  ['a vertical tab before', 'Transfer-Encoding:\vchunked'],
  ['a form feed before', 'Transfer-Encoding:\fchunked'],
  ['a vertical tab after', 'Transfer-Encoding: chunked\v'],
  ['a NUL after', 'Transfer-Encoding: chunked\0'],
  ['a no-break space', 'Transfer-Encoding:\xa0chunked'],
  ['a space before the colon', 'Transfer-Encoding : chunked'],
  ['a tab before the colon', 'Transfer-Encoding\t: chunked'],
  ['a line fold', 'Transfer-Encoding:\r\n chunked'],
  ['a fold within the name', 'Transfer-Encoding\r\n : chunked'],
  ['a space before the name', ' Transfer-Encoding: chunked'],
  ['quotes', 'Transfer-Encoding: "chunked"'],
  ['a parameter', 'Transfer-Encoding: chunked;a=b'],
  ['a q value', 'Transfer-Encoding: chunked;q=1'],
  ['an empty value', 'Transfer-Encoding:'],
  ['a bare CR before', 'X: y\rTransfer-Encoding: chunked'],
  ['a bare LF before', 'X: y\nTransfer-Encoding: chunked'],
  ['a bare CR inside', 'Transfer-Encoding: chun\rked'],
  ['a bare CR after', 'Transfer-Encoding: chunked\r'],
  ['a name with NUL', 'Transfer\0-Encoding: chunked'],
  ['a name with a space', 'Transfer Encoding: chunked'],
  ['a name with a high byte', 'Transfer-Encod\xefng: chunked'],
  ['no colon', 'Transfer-Encoding chunked'],
  ['an unknown coding', 'Transfer-Encoding: cow'],
  ['a Kelvin sign', 'Transfer-Encoding: chun\xe2\x84\xaaed'],
]

const disguises: readonly RequestCase[] = [
  ...CODINGS.map(([name, field]) => of('refused', `TE.TE: ${name}`, post([field], ZERO), { statuses: [400, 501] })),
  ...CODINGS.map(([name, field]) =>
    of('refused', `TE.TE with a length: ${name}`, post([`Content-Length: ${ZERO.length}`, field], ZERO), { statuses: [400, 501] }),
  ),
  of('either', 'gzip, chunked is grammar, and nothing we decode', post(['Transfer-Encoding: gzip, chunked'], '3\r\nabc\r\n0\r\n\r\n'), {
    statuses: [400, 501],
  }),
  of('either', 'an empty list element before chunked', post(['Transfer-Encoding: ,chunked'], '3\r\nabc\r\n0\r\n\r\n'), {
    statuses: [400, 501],
  }),
  of('either', 'an underscore twin is only a strange name', post(['Transfer_Encoding: chunked', 'Content-Length: 3'], 'abc'), {
    body: 'abc',
  }),
  of('passed', 'capitals are the same coding', post(['tRANSFER-eNCODING: ChUnKeD'], '3\r\nabc\r\n0\r\n\r\n'), { body: 'abc' }),
  of('passed', 'tabs and spaces around the coding', post(['Transfer-Encoding: \t chunked \t'], '3\r\nabc\r\n0\r\n\r\n'), { body: 'abc' }),
]

const LENGTHS: readonly (readonly [string, string])[] = [
  ['a plus sign', '+3'],
  ['a minus sign', '-3'],
  ['hex', '0x3'],
  ['a fraction', '3.0'],
  ['an exponent', '3e0'],
  ['a space inside', '3 3'],
  ['letters', 'three'],
  ['letters after', '3a'],
  ['empty', ''],
  ['2^64 + 3', '18446744073709551619'],
  ['2^63', '9223372036854775808'],
  ['digits without end', '9'.repeat(400)],
  ['two values that differ', '3, 4'],
  ['a comma', '3,'],
  ['a comma first', ',3'],
  ['a vertical tab', '\v3'],
  ['a NUL', '3\0'],
  ['underscores', '1_0'],
  ['quotes', '"3"'],
  ['full-width digits', '\xef\xbc\x93'],
]

const lengths: readonly RequestCase[] = [
  ...LENGTHS.map(([name, value]) =>
    of('refused', `Content-Length: ${name}`, post([`Content-Length: ${value}`], `abc${SMUGGLED}`), { statuses: [400, 413] }),
  ),
  of('refused', 'two lengths that differ', post(['Content-Length: 3', 'Content-Length: 0'], `abc${SMUGGLED}`)),
  of('refused', 'two lengths, the first 0', post(['Content-Length: 0', 'Content-Length: 3'], 'abc')),
  of('refused', 'two lengths that agree are repeated', post(['Content-Length: 3', 'Content-Length: 3'], 'abc')),
  of('refused', 'a list of equal lengths', post(['Content-Length: 3, 3'], 'abc')),
  of('refused', 'a space before the colon of the length', post(['Content-Length : 3'], 'abc')),
  of('refused', 'a folded length', post(['Content-Length:\r\n 3'], 'abc')),
  of('either', 'leading zeros are digits', post(['Content-Length: 0003'], 'abc'), { body: 'abc' }),
  of('either', 'an underscore twin of the length', post(['Content_Length: 40'], ''), { body: '' }),
  of('passed', 'spaces around the length', post(['Content-Length: \t3 '], 'abc'), { body: 'abc' }),
  of('passed', 'a GET with a body takes it along', `GET /a HTTP/1.1\r\n${HOST}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`, {
    body: SMUGGLED,
  }),
  of(
    'passed',
    'a DELETE with chunks takes them along',
    `DELETE /a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    { body: 'abc' },
  ),
]

const CHUNKS: readonly (readonly [string, string])[] = [
  ['0x before the size', `0x3\r\nabc\r\n${ZERO}`],
  ['a plus sign', `+3\r\nabc\r\n${ZERO}`],
  ['a minus sign', `-3\r\nabc\r\n${ZERO}`],
  ['a space before', ` 3\r\nabc\r\n${ZERO}`],
  ['no size', `\r\nabc\r\n${ZERO}`],
  ['only an extension', `;a\r\nabc\r\n${ZERO}`],
  ['a size of 2^64 + 3', `10000000000000003\r\nabc\r\n${ZERO}`],
  ['a size that overflows', `ffffffffffffffff\r\nabc\r\n${ZERO}`],
  ['a letter that is no digit', `g\r\nabc\r\n${ZERO}`],
  ['an underscore', `0_3\r\nabc\r\n${ZERO}`],
  ['a bare LF after the size', `3\nabc\r\n${ZERO}`],
  ['a bare CR after the size', `3\rabc\r\n${ZERO}`],
  ['two CRs after the size', `3\r\r\nabc\r\n${ZERO}`],
  ['a bare LF after the data', `3\r\nabc\n${ZERO}`],
  ['nothing after the data', `3\r\nabc${ZERO}`],
  ['other bytes after the data', `3\r\nabcXX${ZERO}`],
  ['data longer than told', `3\r\nabcd\r\n${ZERO}`],
  ['a bare LF in an extension', `3;a\nabc\r\n${ZERO}`],
  ['a bare CR in an extension', `3;a\rb\r\nabc\r\n${ZERO}`],
  ['a NUL in an extension', `3;a\0\r\nabc\r\n${ZERO}`],
  ['a bare LF ends an extension (CVE-2025-55315)', `3;\nabc\r\n${ZERO}`],
  ['a quoted extension with a line in it', `3;a="\r\nabc"\r\n${ZERO}`],
  ['a NUL after the size', `3\0\r\nabc\r\n${ZERO}`],
  ['a vertical tab after the size', `3\v\r\nabc\r\n${ZERO}`],
  ['two sizes', `3 3\r\nabc\r\n${ZERO}`],
  ['a bare LF after the last chunk', `3\r\nabc\r\n0\n\r\n${SMUGGLED}`],
  ['a bare LF for the end', `3\r\nabc\r\n0\r\n\n${SMUGGLED}`],
  ['a bare CR for the end', `3\r\nabc\r\n0\r\n\r${SMUGGLED}`],
  ['a trailer without colon', `3\r\nabc\r\n0\r\nx\r\n\r\n`],
  ['a trailer with a space before its colon', `3\r\nabc\r\n0\r\nX : y\r\n\r\n`],
  ['a folded trailer', `3\r\nabc\r\n0\r\nX: y\r\n z\r\n\r\n`],
  ['a trailer with a bare LF', `3\r\nabc\r\n0\r\nX: y\nZ: z\r\n\r\n`],
  ['a trailer that tells a length', `3\r\nabc\r\n0\r\nContent-Length: 99\r\n\r\n`],
  ['a trailer that tells a coding', `3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n`],
  ['a trailer that names a host', `3\r\nabc\r\n0\r\nHost: evil\r\n\r\n`],
  ['a trailer with a NUL', `3\r\nabc\r\n0\r\nX: \0\r\n\r\n`],
  ['trailers without end', `3\r\nabc\r\n0\r\n${'X: y\r\n'.repeat(20_000)}\r\n`],
  ['an extension without end', `3;${'a'.repeat(200_000)}\r\nabc\r\n${ZERO}`],
]

const chunks: readonly RequestCase[] = [
  ...CHUNKS.map(([name, body]) => of('cut', `chunks: ${name}`, chunked(body), { statuses: [400, 413, 431] })),
  of('passed', 'leading zeros of a size', chunked('0003\r\nabc\r\n000\r\n\r\n'), { body: 'abc' }),
  of('passed', 'capital hex digits', chunked('A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n'), { body: '01234567890123456789' }),
  of('passed', 'an extension is dropped', chunked('3;a=b;c="d e"\r\nabc\r\n0;z\r\n\r\n'), { body: 'abc' }),
  of('either', 'white space before an extension (RFC 9112 §7.1.1: BWS)', chunked('3 ; a = b\r\nabc\r\n0\r\n\r\n'), { body: 'abc' }),
  of('either', 'a space after the size', chunked('3 \r\nabc\r\n0\r\n\r\n'), { body: 'abc' }),
  of('passed', 'a trailer', chunked('3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n'), { body: 'abc' }),
  of('passed', 'a request inside a chunk stays data', chunked(`${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`), {
    body: SMUGGLED,
  }),
]

/** What is inside a body, framing at odds with itself. */
export const framingCases: readonly RequestCase[] = [...lengthAndCoding, ...disguises, ...lengths, ...chunks]

const LINES: readonly (readonly [string, string])[] = [
  ['bare LFs', 'GET /a HTTP/1.1\nHost: wiki.test\n\n'],
  ['a bare LF after the request line', `GET /a HTTP/1.1\n${HOST}\r\n`],
  ['a bare LF before the end', `GET /a HTTP/1.1\r\n${HOST}\n`],
  ['a bare CR in a value', get('X: a\rb')],
  ['a bare CR before a field', get('X: y\rHost: evil')],
  ['a bare LF in a value', get('X: a\nHost: evil')],
  ['a CR before CRLF', get('X: a\r')],
  ['a folded field', get('X: a', ' b')],
  ['a field folded by a tab', get('X: a', '\tb')],
  ['a fold before the first field', `GET /a HTTP/1.1\r\n X: y\r\n${HOST}\r\n`],
  ['a space before a colon', get('X : y')],
  ['a tab before a colon', get('X\t: y')],
  ['no colon', get('X')],
  ['no name', get(': y')],
  ['a space in a name', get('X Y: z')],
  ['a NUL in a value', get('X: \0')],
  ['a NUL in a name', get('X\0: y')],
  ['DEL in a value', get('X: \x7f')],
  ['ESC in a value', get('X: \x1b[2J')],
  ['a bracket in a name', get('X[0]: y')],
  ['a high byte in a name', get('X\xe9: y')],
  ['a quote in a name', get('"X": y')],
  ['a slash in a name', get('X/Y: z')],
  ['two spaces after the method', `GET  /a HTTP/1.1\r\n${HOST}\r\n`],
  ['two spaces after the target', `GET /a  HTTP/1.1\r\n${HOST}\r\n`],
  ['a tab after the method', `GET\t/a HTTP/1.1\r\n${HOST}\r\n`],
  ['a raw space in the target', `GET /a b HTTP/1.1\r\n${HOST}\r\n`],
  ['a space after the version', `GET /a HTTP/1.1 \r\n${HOST}\r\n`],
  ['a space before the method', ` GET /a HTTP/1.1\r\n${HOST}\r\n`],
  ['a fragment', `GET /a#b HTTP/1.1\r\n${HOST}\r\n`],
  ['a NUL in the target', `GET /a\0 HTTP/1.1\r\n${HOST}\r\n`],
  ['a bare CR in the target', `GET /a\rb HTTP/1.1\r\n${HOST}\r\n`],
  ['a high byte in the target', `GET /\xe9 HTTP/1.1\r\n${HOST}\r\n`],
  ['no version (HTTP/0.9)', 'GET /a\r\n\r\n'],
  ['a version in lower case', `GET /a http/1.1\r\n${HOST}\r\n`],
  ['a version of one digit', `GET /a HTTP/1\r\n${HOST}\r\n`],
  ['a version of three digits', `GET /a HTTP/1.10\r\n${HOST}\r\n`],
  ['a comma in the version', `GET /a HTTP/1,1\r\n${HOST}\r\n`],
  ['another protocol', `GET /a ICY/1.1\r\n${HOST}\r\n`],
  ['a bracket in the method', `G[T /a HTTP/1.1\r\n${HOST}\r\n`],
  ['a colon in the method', `GET: /a HTTP/1.1\r\n${HOST}\r\n`],
  ['no target', `GET HTTP/1.1\r\n${HOST}\r\n`],
  ['a target without slash', `GET a HTTP/1.1\r\n${HOST}\r\n`],
  ['a request line of CR LF LF', `GET /a HTTP/1.1\r\n${HOST}X: y\r\n\n${SMUGGLED}`],
  ['an answer instead of a request', `HTTP/1.1 200 OK\r\n${HOST}\r\n`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['* for a GET', `GET * HTTP/1.1\r\n${HOST}\r\n`],
]

const lines: readonly RequestCase[] = [
  ...LINES.map(([name, send]) => of('refused', `head: ${name}`, send, { statuses: [400, 501, 505] })),
  of('refused', 'head: HTTP/2.0 in a request line', `GET /a HTTP/2.0\r\n${HOST}\r\n`, { statuses: [400, 505] }),
  of('passed', 'head: an empty line before the request (RFC 9112 §2.2)', `\r\n${get()}`),
  of('passed', 'head: bytes above 0x7f in a value are opaque', get('X: \xe9')),
  of('passed', 'head: an empty value', get('X:')),
]

const HOSTS: readonly (readonly [string, string])[] = [
  ['none', 'GET /a HTTP/1.1\r\nX: y\r\n\r\n'],
  ['two that differ', get('Host: evil')],
  ['two that agree', get('Host: wiki.test')],
  ['a list', 'GET /a HTTP/1.1\r\nHost: wiki.test, evil\r\n\r\n'],
  ['a space inside', 'GET /a HTTP/1.1\r\nHost: wiki.test evil\r\n\r\n'],
  ['a user', 'GET /a HTTP/1.1\r\nHost: a@wiki.test\r\n\r\n'],
  ['a path', 'GET /a HTTP/1.1\r\nHost: wiki.test/x\r\n\r\n'],
  ['a query', 'GET /a HTTP/1.1\r\nHost: wiki.test?x\r\n\r\n'],
  ['a fragment', 'GET /a HTTP/1.1\r\nHost: wiki.test#x\r\n\r\n'],
  ['a port of letters', 'GET /a HTTP/1.1\r\nHost: wiki.test:x\r\n\r\n'],
  ['a port of 70000', 'GET /a HTTP/1.1\r\nHost: wiki.test:70000\r\n\r\n'],
  ['two ports', 'GET /a HTTP/1.1\r\nHost: wiki.test:80:80\r\n\r\n'],
  ['a backslash', 'GET /a HTTP/1.1\r\nHost: wiki.test\\evil\r\n\r\n'],
  ['a space before its colon', 'GET /a HTTP/1.1\r\nHost : wiki.test\r\n\r\n'],
  ['a fold', 'GET /a HTTP/1.1\r\nHost:\r\n wiki.test\r\n\r\n'],
  ['a quote', 'GET /a HTTP/1.1\r\nHost: "wiki.test"\r\n\r\n'],
  ['an open bracket', 'GET /a HTTP/1.1\r\nHost: [::1\r\n\r\n'],
  ['a comma', 'GET /a HTTP/1.1\r\nHost: wiki.test,\r\n\r\n'],
  ['a second one hidden in a fold', get('X: y', ' Host: evil')],
  ['a second one on HTTP/1.0', `GET /a HTTP/1.0\r\n${HOST}Host: evil\r\n\r\n`],
]

const hosts: readonly RequestCase[] = [
  ...HOSTS.map(([name, send]) => of('refused', `Host: ${name}`, send)),
  of('refused', 'absolute form: names the closed service, Host the open one', `GET http://closed.test/a HTTP/1.1\r\n${HOST}\r\n`, {
    statuses: [400, 403],
  }),
  of(
    'either',
    'absolute form: names the open service, Host the closed one',
    'GET http://wiki.test/a HTTP/1.1\r\nHost: closed.test\r\n\r\n',
    { statuses: [400, 403] },
  ),
  of('refused', 'absolute form: a user', `GET http://a:b@wiki.test/a HTTP/1.1\r\n${HOST}\r\n`),
  of('refused', 'absolute form: another scheme', `GET ftp://wiki.test/a HTTP/1.1\r\n${HOST}\r\n`),
  of('refused', 'absolute form: no authority', `GET http:///a HTTP/1.1\r\n${HOST}\r\n`),
  of('refused', 'absolute form: without Host', 'GET http://wiki.test/a HTTP/1.1\r\n\r\n'),
  of('refused', 'absolute form: two Hosts', `GET http://wiki.test/a HTTP/1.1\r\n${HOST}Host: evil\r\n\r\n`),
  of('passed', 'absolute form that agrees with Host', `GET http://wiki.test/a HTTP/1.1\r\n${HOST}\r\n`),
  of('passed', 'Host in capitals', 'GET /a HTTP/1.1\r\nHOST: WIKI.TEST\r\n\r\n'),
  of('refused', 'CONNECT', `CONNECT wiki.test:80 HTTP/1.1\r\n${HOST}\r\n`, { statuses: [400, 405, 501] }),
  of('refused', 'TRACE', `TRACE /a HTTP/1.1\r\n${HOST}\r\n`, { statuses: [400, 405, 501] }),
]

const pipelined: readonly RequestCase[] = [
  of('passed', 'pipelined requests arrive in order', `${get()}GET /b HTTP/1.1\r\n${HOST}\r\n${post(['Content-Length: 3'], 'abc')}`, {
    targets: ['/a', '/b', '/a'],
  }),
  of('passed', 'a chunked body, then a request', `${chunked('3\r\nabc\r\n0\r\n\r\n')}GET /b HTTP/1.1\r\n${HOST}\r\n`, {
    targets: ['/a', '/b'],
    body: 'abc',
  }),
  of(
    'refused',
    'after a good one, a bad one is refused and ends the connection',
    `${get()}GET /b HTTP/1.1\r\n${HOST}X : y\r\n\r\n${SMUGGLED}`,
    { targets: ['/a'] },
  ),
  of('refused', 'bytes beyond a length are the next request, and wrong', post(['Content-Length: 1'], 'a{"b":1}'), { targets: ['/a'] }),
  of('refused', 'bytes beyond the last chunk are the next request, and wrong', chunked(`0\r\n\r\nX\r\n\r\n${SMUGGLED}`), {
    targets: ['/a'],
  }),
  of(
    'passed',
    'h2c is not passed on, nor what follows taken for it',
    get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA'),
  ),
  of('passed', 'an offer of another protocol is not passed on', get('Connection: Upgrade', 'Upgrade: TLS/1.0')),
  of('refused', 'an upgrade with a Host too many', get('Connection: Upgrade', 'Upgrade: websocket', 'Host: evil')),
  of('passed', 'Expect with a body', post(['Expect: 100-continue', 'Content-Length: 3'], 'abc'), { body: 'abc' }),
]

/** Heads that programs read in more than one way. */
export const headCases: readonly RequestCase[] = [...lines, ...hosts, ...pipelined]
