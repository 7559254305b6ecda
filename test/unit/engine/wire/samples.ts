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
