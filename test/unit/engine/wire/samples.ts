/** Chunked bodies with what they hold. */
export const CHUNKED: readonly {
  readonly name: string
  readonly wire: string
  readonly body: string
  readonly trailers: readonly string[]
}[] = [
  { name: 'nothing', wire: '0\r\n\r\n', body: '', trailers: [] },
  { name: 'one chunk', wire: '5\r\nhello\r\n0\r\n\r\n', body: 'hello', trailers: [] },
  {
    name: 'sizes in both cases and with leading zeroes',
    wire: '000A\r\n0123456789\r\nb\r\n01234567890\r\n000\r\n\r\n',
    body: '012345678901234567890',
    trailers: [],
  },
  { name: 'line ends within chunks', wire: '6\r\n\r\n0\r\n\r\r\n0\r\n\r\n', body: '\r\n0\r\n\r', trailers: [] },
  { name: 'extensions', wire: '3;a;b=c;d="e;\\" f"\r\nabc\r\n0;last\r\n\r\n', body: 'abc', trailers: [] },
  { name: 'trailers', wire: '1\r\nx\r\n0\r\nX-Sum: 42\r\nX-Name:\t\xe9 \r\n\r\n', body: 'x', trailers: ['X-Sum', '42', 'X-Name', '\xe9'] },
]

/** What looks like a chunked body and is none: RFC 9112 §7.1. */
export const NOT_CHUNKED: Readonly<Record<string, string>> = {
  'no size': '\r\n\r\n',
  'a size with a sign': '+3\r\nabc\r\n0\r\n\r\n',
  'a negative size': '-3\r\nabc\r\n0\r\n\r\n',
  'a size with a prefix': '0x3\r\nabc\r\n0\r\n\r\n',
  'a blank before the size': ' 3\r\nabc\r\n0\r\n\r\n',
  'a blank after the size': '3 \r\nabc\r\n0\r\n\r\n',
  'a size beyond 2^52': '10000000000000\r\n',
  'a size that wraps around 64 bits': '10000000000000003\r\nabc\r\n0\r\n\r\n',
  'a bare LF after the size': '3\nabc\r\n0\r\n\r\n',
  'a bare CR after the size': '3\rabc\r\n0\r\n\r\n',
  'a chunk that is longer than it says': '3\r\nabcd\r\n0\r\n\r\n',
  'a chunk that is shorter than it says': '4\r\nabc\r\n0\r\n\r\n',
  'a bare LF after a chunk': '3\r\nabc\n0\r\n\r\n',
  'an extension without a name': '3;\r\nabc\r\n0\r\n\r\n',
  'a line feed in an extension': '3;a\nb\r\nabc\r\n0\r\n\r\n',
  'a line feed in a quoted extension': '3;a="\n"\r\nabc\r\n0\r\n\r\n',
  'text after a quoted extension': '3;a="b"c\r\nabc\r\n0\r\n\r\n',
  'extensions without end': `3;${'a'.repeat(5_000)}\r\nabc\r\n0\r\n\r\n`,
  'a trailer with a blank in its name': '0\r\nX Y: 1\r\n\r\n',
  'a folded trailer': '0\r\nX: 1\r\n 2\r\n\r\n',
  'a bare LF in the trailers': '0\r\nX: 1\nY: 2\r\n\r\n',
  'a NUL in the trailers': '0\r\nX: \0\r\n\r\n',
  'trailers without end': `0\r\n${'X: 1\r\n'.repeat(4_000)}`,
}

/** What a backend may send besides (nginx 1.22 and HAProxy 2.6 read all of it), and no client. */
export const LOOSELY_CHUNKED: typeof CHUNKED = [
  { name: 'blanks behind sizes', wire: '3  \t \r\nabc\r\n0 \r\n\r\n', body: 'abc', trailers: [] },
  { name: 'blanks round extensions', wire: '3 ; a = "b" ;c\t\r\nabc\r\n0 ;\r\n\r\n', body: 'abc', trailers: [] },
  { name: 'extensions of any kind', wire: '3;;a=\r\nabc\r\n0;"\xe9 {b}\r\n\r\n', body: 'abc', trailers: [] },
  { name: 'sizes of sixteen digits', wire: '000000000000000A\r\n0123456789\r\n0000000000000000\r\n\r\n', body: '0123456789', trailers: [] },
  { name: 'lines in LF alone', wire: '3\nabc\n1;x\n\n\n0\nX-Sum: 1\nY: 2\n\n', body: 'abc\n', trailers: ['X-Sum', '1', 'Y', '2'] },
  { name: 'lines in LF and CRLF', wire: '3\nabc\r\n0\r\nX: 1\n\r\n', body: 'abc', trailers: ['X', '1'] },
  { name: 'nothing, in LF alone', wire: '0\n\n', body: '', trailers: [] },
  { name: 'trailers with folds and blanks', wire: '0\r\nX : 1\r\n\t2\r\n  \r\nY\t: 3\r\n\r\n', body: '', trailers: ['X', '1 2', 'Y', '3'] },
]

/** What no backend may send either: it is no size, or could be another. */
export const NEVER_CHUNKED: Readonly<Record<string, string>> = {
  'no size': '\n\n',
  'a size with a sign': '+3\nabc\n0\n\n',
  'a size with a prefix': '0x3\nabc\n0\n\n',
  'a blank before a size': ' 3\nabc\n0\n\n',
  'two sizes': '3 3\nabc\n0\n\n',
  'a blank within a size': '1 0\r\n0123456789abcdef\r\n0\r\n\r\n',
  'a letter behind a blank': '3 x\nabc\n0\n\n',
  'a vertical tab behind a size': '3\v\nabc\n0\n\n',
  'a bare CR behind a size': '3\rabc\n0\n\n',
  'two CRs behind a size': '3\r\r\nabc\n0\n\n',
  'a bare CR in an extension': '3;a\rb\nabc\n0\n\n',
  'a NUL in an extension': '3;\0\nabc\n0\n\n',
  'a size beyond 2^52': '00010000000000000\r\n',
  'zeroes without end': `${'0'.repeat(300)}3\r\nabc\r\n0\r\n\r\n`,
  'blanks without end': `3${' '.repeat(300)}\r\nabc\r\n0\r\n\r\n`,
  'a chunk that is longer than it says': '3\nabcd\n0\n\n',
  'a chunk that is shorter than it says': '4\nabc\n0\n\n',
  'a blank behind a chunk': '3\nabc \n0\n\n',
  'an empty line behind a chunk': '3\nabc\n\n0\n\n',
  'a trailer with a blank in its name': '0\nX Y: 1\n\n',
  'a fold before the first trailer': '0\n X: 1\n\n',
  'a bare CR in the trailers': '0\nX: 1\rY: 2\n\n',
  'a NUL in the trailers': '0\nX: \0\n\n',
  'a trailer that tells a length': '0\nContent-Length : 3\n\n',
  'a trailer that tells a coding': '0\nTransfer-Encoding: chunked\n\n',
  'trailers without end': `0\n${'X: 1\n'.repeat(4_000)}`,
}
