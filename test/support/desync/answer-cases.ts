/** What a backend answers, and what may become of it. */
export interface AnswerCase {
  readonly name: string
  readonly answer: string
  /** The backend closes its connection after it. */
  readonly ends: boolean
  readonly method: 'GET' | 'HEAD'
  /**
   * `refused`: the client gets 502 and no byte of the answer · `never-whole`: 502, or an answer that does not look complete ·
   * `passed`: the client gets this body, whole.
   */
  readonly expect: 'refused' | 'never-whole' | 'passed'
  readonly body: string
}

/** Stands in every answer that must not reach a client. */
export const POISON = 'poison'

type Options = Partial<Pick<AnswerCase, 'ends' | 'method' | 'body'>>

function of(expect: AnswerCase['expect'], name: string, answer: string, options: Options = {}): AnswerCase {
  return { name, answer, expect, ends: options.ends ?? false, method: options.method ?? 'GET', body: options.body ?? '' }
}

function ok(fields: readonly string[], body: string): string {
  return `HTTP/1.1 200 OK\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`
}

const STOLEN = `HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n${POISON}`

const FRAMING: readonly (readonly [string, readonly string[]])[] = [
  ['Content-Length with chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked']],
  ['chunks with Content-Length', ['Transfer-Encoding: chunked', 'Content-Length: 6']],
  ['two lengths that differ', ['Content-Length: 6', 'Content-Length: 7']],
  ['a list of lengths that differ', ['Content-Length: 6, 7']],
  ['a length with a sign', ['Content-Length: +6']],
  ['a negative length', ['Content-Length: -6']],
  ['a length in hex', ['Content-Length: 0x6']],
  ['a length of letters', ['Content-Length: six']],
  ['an empty length', ['Content-Length:']],
  ['a length beyond 2^64', ['Content-Length: 18446744073709551622']],
  ['chunked twice', ['Transfer-Encoding: chunked, chunked']],
  ['chunked in two fields', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
  ['chunked not last', ['Transfer-Encoding: chunked, gzip']],
  ['identity', ['Transfer-Encoding: identity', 'Content-Length: 6']],
  ['a coding that only looks like chunked', ['Transfer-Encoding: xchunked']],
  ['a coding behind a vertical tab', ['Transfer-Encoding: \vchunked']],
  ['a fold in the coding', ['Transfer-Encoding:', ' chunked']],
  ['a fold in the length', ['Content-Length:', ' 6']],
  ['a length that a fold makes longer', ['Content-Length: 6', ' 0']],
  ['lengths that differ behind blanks', ['Content-Length : 6', 'Content-Length: 7']],
  ['a list of lengths of which one differs', ['Content-Length: 6, 6, 7']],
  ['a list of lengths with a gap', ['Content-Length: 6,,6']],
  ['a list of lengths that ends in a comma', ['Content-Length: 6,']],
  ['equal lengths, then another', ['Content-Length: 6', 'Content-Length: 06', 'Content-Length: 60']],
  ['equal lengths, and chunks', ['Content-Length: 6', 'Content-Length: 6', 'Transfer-Encoding: chunked']],
  ['chunks behind a blank, and a length', ['Transfer-Encoding : chunked', 'Content-Length: 6']],
  ['chunked twice, once behind a blank', ['Transfer-Encoding: chunked', 'Transfer-Encoding\t: chunked']],
  ['a NUL in the coding', ['Transfer-Encoding: chunked\0']],
]

const HEADS: readonly (readonly [string, string])[] = [
  ['a bare CR in a value', ok([`X: a\rSet-Cookie: ${POISON}`, 'Content-Length: 6'], POISON)],
  ['a CR before CRLF', ok(['X: a\r', 'Content-Length: 6'], POISON)],
  ['a CR before LF, twice', `HTTP/1.1 200 OK\r\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['a fold before the first field', ok([' X: a', 'Content-Length: 6'], POISON)],
  ['two lengths, the second behind a bare LF', ok(['Content-Length: 6\nContent-Length: 7'], POISON)],
  ['a NUL in a value', ok(['X: \0', 'Content-Length: 6'], POISON)],
  ['a control byte in a value', ok(['X: \x01', 'Content-Length: 6'], POISON)],
  ['no colon', ok(['X', 'Content-Length: 6'], POISON)],
  ['no name', ok([': x', 'Content-Length: 6'], POISON)],
  ['a space in a name', ok(['X Y: z', 'Content-Length: 6'], POISON)],
  ['no version', `200 OK\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['HTTP/2.0', `HTTP/2.0 200 OK\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['another protocol', `ICY 200 OK\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['no head at all', POISON],
  ['a status of two digits', `HTTP/1.1 20 OK\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['a status of four digits', `HTTP/1.1 2000 OK\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['a status of letters', `HTTP/1.1 abc OK\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['a status of 099', `HTTP/1.1 099 OK\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['two spaces before the status', `HTTP/1.1  200 OK\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['a NUL in the reason', `HTTP/1.1 200 O\0K\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['a bare CR in the reason', `HTTP/1.1 200 O\rK\r\nContent-Length: 6\r\n\r\n${POISON}`],
  ['an empty line first', `\r\n\r\n\r\n${POISON}`],
  ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(600_000)}`],
  ['an upgrade nobody asked for', `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${POISON}`],
  ['a request instead of an answer', `GET /${POISON} HTTP/1.1\r\nHost: x\r\n\r\n`],
]

/** What old and small servers send, and can be read in one way only. */
const LIBERTIES: readonly (readonly [string, string])[] = [
  ['a space before a colon', ok(['X : y', 'Content-Length: 2'], 'ok')],
  ['a space before the colon of the length', ok(['Content-Length : 2'], 'ok')],
  ['a tab before the colon of the coding', ok(['Transfer-Encoding\t: chunked'], '2\r\nok\r\n0\r\n\r\n')],
  ['a folded field', ok(['X: a', ' b', 'Content-Length: 2'], 'ok')],
  ['two lengths that agree', ok(['Content-Length: 2', 'Content-Length: 2'], 'ok')],
  ['a list of lengths that agree', ok(['Content-Length: 2, 02 ,2'], 'ok')],
  ['a length with many zeroes', ok([`Content-Length: ${'0'.repeat(30)}2`], 'ok')],
  ['bare LFs', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
  ['bare LFs before an empty line of CRLF', 'HTTP/1.1 200 OK\nContent-Length: 2\n\r\nok'],
  ['a bare LF for the empty line', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok'],
  ['a bare LF between two fields', ok(['X: a\nY: b', 'Content-Length: 2'], 'ok')],
  ['bare LFs, and an empty line within the body', 'HTTP/1.1 200 OK\nContent-Length: 6\n\nok\r\n\r\n'],
]

const LOOSE_CHUNKS: readonly (readonly [string, string])[] = [
  ['blanks after the sizes', '2   \r\nok\r\n0   \r\n\r\n'],
  ['a tab after a size', '2\t\r\nok\r\n0\r\n\r\n'],
  ['blanks before an extension and round its equals sign', '2 ; a = b ;c = "d" \r\nok\r\n0 ;a\r\n\r\n'],
  ['empty extensions', '2;\r\nok\r\n0;;a=\r\n\r\n'],
  ['many zeroes before a size', `${'0'.repeat(30)}2\r\nok\r\n${'0'.repeat(30)}\r\n\r\n`],
  ['a bare LF after the size', '2\nok\r\n0\r\n\r\n'],
  ['a bare LF after the data', '2\r\nok\n0\r\n\r\n'],
  ['a bare LF for the end', '2\r\nok\r\n0\r\n\n'],
  ['bare LFs all over', '2\nok\n0\nX: y\n\n'],
  ['a folded trailer', '2\r\nok\r\n0\r\nX: y\r\n z\r\n\r\n'],
  ['a trailer with a blank before its colon', '2\r\nok\r\n0\r\nX : y\r\n\r\n'],
]

const CHUNKS: readonly (readonly [string, string])[] = [
  ['no digit', 'zz\r\nabc\r\n0\r\n\r\n'],
  ['a sign', '+3\r\nabc\r\n0\r\n\r\n'],
  ['0x', '0x3\r\nabc\r\n0\r\n\r\n'],
  ['a size beyond 2^64', '10000000000000003\r\nabc\r\n0\r\n\r\n'],
  ['a blank before the size', ' 3\r\nabc\r\n0\r\n\r\n'],
  ['two sizes', '3 3\r\nabc\r\n0\r\n\r\n'],
  ['a blank within a size', '1 0\r\nabc\r\n0\r\n\r\n'],
  ['a vertical tab after the size', '3\v\r\nabc\r\n0\r\n\r\n'],
  ['a bare CR after the size', '3\rabc\r\n0\r\n\r\n'],
  ['a CR before CRLF after the size', '3\r\r\nabc\r\n0\r\n\r\n'],
  ['a bare CR in an extension', '3;a\rb\r\nabc\r\n0\r\n\r\n'],
  ['blanks after a size without end', `3${' '.repeat(5_000)}\r\nabc\r\n0\r\n\r\n`],
  ['zeroes without end', `${'0'.repeat(5_000)}3\r\nabc\r\n0\r\n\r\n`],
  ['a blank after the data', '3\r\nabc \r\n0\r\n\r\n'],
  ['an empty line after the data', '3\r\nabc\r\n\r\n0\r\n\r\n'],
  ['data longer than told', '3\r\nabcd\r\n0\r\n\r\n'],
  ['a bare LF in an extension', '3;a\nb\r\nabc\r\n0\r\n\r\n'],
  ['a trailer without colon', '3\r\nabc\r\n0\r\nx\r\n\r\n'],
  ['a trailer that tells a length', '3\r\nabc\r\n0\r\nContent-Length : 3\r\n\r\n'],
  ['a trailer with a bare CR', '3\r\nabc\r\n0\r\nX: y\rSet-Cookie: a\r\n\r\n'],
]

const CUT: readonly (readonly [string, string])[] = [
  ['within the status line', 'HTTP/1.1 20'],
  ['within a field', 'HTTP/1.1 200 OK\r\nContent-Le'],
  ['before the end of the head', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n'],
  ['right after the head', ok(['Content-Length: 5'], '')],
  ['within the body', ok(['Content-Length: 5'], 'abc')],
  ['before the first chunk', ok(['Transfer-Encoding: chunked'], '')],
  ['within a chunk size', ok(['Transfer-Encoding: chunked'], '3\r\nabc\r\n1')],
  ['within a chunk', ok(['Transfer-Encoding: chunked'], '9\r\nabc')],
  ['between chunks', ok(['Transfer-Encoding: chunked'], '3\r\nabc\r\n')],
  ['before the end of the last chunk', ok(['Transfer-Encoding: chunked'], '3\r\nabc\r\n0\r\n')],
  ['within the trailers', ok(['Transfer-Encoding: chunked'], '3\r\nabc\r\n0\r\nX: y\r\n')],
  ['after 103', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'],
]

export const answerCases: readonly AnswerCase[] = [
  ...FRAMING.map(([name, fields]) => of('refused', `framing: ${name}`, ok(fields, POISON))),
  ...HEADS.map(([name, answer]) => of('refused', `head: ${name}`, answer, { ends: /^[p\r]/.test(answer) })),
  of('refused', 'Transfer-Encoding on HTTP/1.0', `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n${POISON}\r\n0\r\n\r\n`, {
    ends: true,
  }),
  ...LIBERTIES.map(([name, answer]) =>
    of('passed', `head: ${name}`, answer, { body: answer.includes('\n\nok\r\n') ? 'ok\r\n\r\n' : 'ok' }),
  ),
  ...LOOSE_CHUNKS.map(([name, body]) => of('passed', `chunks: ${name}`, ok(['Transfer-Encoding: chunked'], body), { body: 'ok' })),
  ...CHUNKS.map(([name, body]) => of('never-whole', `chunks: ${name}`, ok(['Transfer-Encoding: chunked'], body))),
  ...CUT.map(([name, answer]) => of('never-whole', `the backend closes ${name}`, answer, { ends: true })),
  of('passed', 'bytes beyond the length are nobody’s answer', ok(['Content-Length: 2'], `ok${STOLEN}`), { body: 'ok' }),
  of('passed', 'bytes beyond the last chunk are nobody’s answer', ok(['Transfer-Encoding: chunked'], `2\r\nok\r\n0\r\n\r\n${STOLEN}`), {
    body: 'ok',
  }),
  of('passed', '204 with bytes after it', `HTTP/1.1 204 No Content\r\n\r\n${STOLEN}`),
  of('passed', '304 with bytes after it', `HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n${STOLEN}`),
  of('passed', 'an answer to HEAD with a body', ok([`Content-Length: ${POISON.length}`], POISON), { method: 'HEAD' }),
  of('passed', 'an answer to HEAD with chunks', ok(['Transfer-Encoding: chunked'], `6\r\n${POISON}\r\n0\r\n\r\n`), { method: 'HEAD' }),
  of('passed', 'a length of 0 with bytes after it', ok(['Content-Length: 0'], STOLEN)),
  of('passed', 'one that ends with the connection', ok([], 'ok'), { ends: true, body: 'ok' }),
  of('passed', 'HTTP/1.0 that ends with the connection', 'HTTP/1.0 200 OK\r\n\r\nok', { ends: true, body: 'ok' }),
  of('passed', 'a reason that is empty', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok', { body: 'ok' }),
  of('passed', 'chunk extensions and trailers', ok(['Transfer-Encoding: chunked'], '2;a="b"\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n'), {
    body: 'ok',
  }),
  of(
    'passed',
    '100 and 103 before it',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok(['Content-Length: 2'], 'ok')}`,
    { body: 'ok' },
  ),
]
