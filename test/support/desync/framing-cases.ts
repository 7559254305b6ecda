import { chunked, HOST, of, post, type RequestCase, SMUGGLED } from './request-case'

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
