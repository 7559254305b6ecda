/** A request, the answer a backend gives to it, and where the gateway means to do something else than http-proxy. */
export interface Exchange {
  readonly name: string
  readonly request: string
  readonly answer: string
  /** Why the backend gets something else. */
  readonly backendDiffers?: string
  /** Why the client gets something else. */
  readonly clientDiffers?: string
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const ask = (line: string, fields = '', body = ''): string =>
  `${line} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${fields}\r\n${body}`
const get = (fields = ''): string => ask('GET /x?y=1', fields)
const answer = (fields: string, body = '', line = '200 OK'): string => `HTTP/1.1 ${line}\r\n${fields}\r\n${body}`
const hides = 'what runs behind the gateway is not told'

export const EXCHANGES: readonly Exchange[] = [
  { name: 'a plain GET', request: get(), answer: OK },
  {
    name: 'a query with odd characters',
    request: ask("GET /a%20b/c;d=e?f=g&h[]={i}|j'k"),
    answer: OK,
    backendDiffers: 'http-proxy encodes an apostrophe; a target is passed on as it came',
  },
  { name: 'a bare question mark', request: ask('GET /a?'), answer: OK, backendDiffers: 'http-proxy loses a bare question mark' },
  { name: 'a double slash', request: ask('GET //a//b'), answer: OK },
  { name: 'OPTIONS *', request: ask('OPTIONS *'), answer: OK, backendDiffers: 'http-proxy makes a path of the asterisk' },
  {
    name: 'an absolute target',
    request: ask('GET http://b.test/z'),
    answer: OK,
    backendDiffers: 'the host of an absolute target goes before the Host field (RFC 9112 §3.2.2), and origin form is what backends read',
  },
  { name: 'a HEAD', request: ask('HEAD /'), answer: answer('Content-Length: 5\r\n') },
  { name: 'a POST with a length', request: ask('POST /', 'Content-Length: 5\r\n', 'hello'), answer: OK },
  { name: 'a POST in chunks', request: ask('POST /', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n'), answer: OK },
  { name: 'a POST without a body', request: ask('POST /', 'Content-Length: 0\r\n'), answer: OK },
  { name: 'a DELETE with a length', request: ask('DELETE /', 'Content-Length: 4\r\n', 'gone'), answer: OK },
  {
    name: 'a DELETE in chunks',
    request: ask('DELETE /', 'Transfer-Encoding: chunked\r\n', '4\r\ngone\r\n0\r\n\r\n'),
    answer: OK,
    backendDiffers: 'http-proxy gives it Content-Length: 0, so that the body becomes a request of its own',
  },
  {
    name: 'a PUT whose length has leading zeroes',
    request: ask('PUT /', 'Content-Length: 0003\r\n', 'abc'),
    answer: OK,
    backendDiffers: 'a length is told anew, as a plain number',
  },
  {
    name: 'repeated fields',
    request: get('X-A: 1\r\nX-A: 2\r\n'),
    answer: OK,
    backendDiffers: 'http-proxy joins repeated fields; order and number are kept',
  },
  {
    name: 'two cookies',
    request: get('Cookie: a=1\r\nCookie: b=2\r\n'),
    answer: OK,
    backendDiffers: 'http-proxy joins repeated fields; order and number are kept',
  },
  { name: 'an empty field', request: get('X-A:\r\n'), answer: OK },
  { name: 'bytes beyond ASCII', request: get('X-A: \xe9\r\n'), answer: OK },
  {
    name: 'what Connection names',
    request: ask('GET /', 'Connection: X-Own\r\nX-Own: 1\r\n'),
    answer: OK,
    backendDiffers: 'what Connection names holds for one connection only (RFC 9110 §7.6.1)',
  },
  {
    name: 'TE and Keep-Alive',
    request: get('TE: trailers\r\nKeep-Alive: timeout=5\r\n'),
    answer: OK,
    backendDiffers: 'both hold for one connection only (RFC 9110 §7.6.1)',
  },
  {
    name: 'Proxy',
    request: get('Proxy: http://evil.test\r\n'),
    answer: OK,
    backendDiffers: 'it would become a CGI’s HTTP_PROXY (CVE-2016-5385)',
  },
  {
    name: 'an offer of h2c',
    request: ask('GET /', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'),
    answer: OK,
    backendDiffers: 'another protocol would carry requests past the rules; it is not offered on',
  },
  {
    name: 'Range',
    request: get('Range: bytes=0-1\r\n'),
    answer: answer('Content-Range: bytes 0-1/9\r\nContent-Length: 2\r\n', 'ab', '206 Partial Content'),
  },
  { name: 'an answer in chunks', request: get(), answer: answer('Transfer-Encoding: chunked\r\n', '2\r\nok\r\n0\r\n\r\n') },
  { name: 'an answer until the end', request: get(), answer: answer('X-A: 1\r\n', 'until the end') },
  { name: 'an answer of HTTP/1.0', request: get(), answer: 'HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nuntil the end' },
  { name: 'an empty answer', request: get(), answer: answer('Content-Length: 0\r\n') },
  { name: 'a 204', request: get(), answer: answer('X-A: 1\r\n', '', '204 No Content') },
  {
    name: 'a 204 with a length',
    request: get(),
    answer: answer('Content-Length: 3\r\n', '', '204 No Content'),
    clientDiffers: 'a 204 has no content and must not say how long it is (RFC 9110 §8.6)',
  },
  { name: 'a 304 with a length', request: get(), answer: answer('Content-Length: 3\r\nETag: "x"\r\n', '', '304 Not Modified') },
  {
    name: 'a status without a reason',
    request: get(),
    answer: 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok',
    clientDiffers: 'Node makes up a reason; an empty one stays empty',
  },
  { name: 'a status of its own', request: get(), answer: answer('Content-Length: 0\r\n', '', '799 Odd') },
  { name: 'several cookies', request: get(), answer: answer('Set-Cookie: a=1\r\nSet-Cookie: b=2; Path=/\r\nContent-Length: 0\r\n') },
  {
    name: 'a redirect elsewhere',
    request: get(),
    answer: answer('Location: https://elsewhere.test/\r\nContent-Length: 0\r\n', '', '302 Found'),
  },
  {
    name: 'software',
    request: get(),
    answer: answer('Server: x/1\r\nX-Powered-By: y\r\nVia: 1.1 z\r\nContent-Length: 0\r\n'),
    clientDiffers: hides,
  },
  {
    name: 'Alt-Svc',
    request: get(),
    answer: answer('Alt-Svc: h3=":443"\r\nContent-Length: 0\r\n'),
    clientDiffers: 'it would lead past the gateway',
  },
  {
    name: 'what an answer’s Connection names',
    request: get(),
    answer: answer('Connection: X-Own\r\nX-Own: 1\r\nContent-Length: 0\r\n'),
    clientDiffers: 'what Connection names holds for one connection only (RFC 9110 §7.6.1)',
  },
  {
    name: 'trailers',
    request: get('TE: trailers\r\n'),
    answer: answer('Transfer-Encoding: chunked\r\n', '2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n'),
    backendDiffers: 'TE holds for one connection only (RFC 9110 §10.1.4)',
    clientDiffers: 'http-proxy loses trailers',
  },
  {
    name: 'an early hint',
    request: get(),
    answer: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`,
    clientDiffers: 'http-proxy loses interim answers',
  },
  { name: 'an answer that is cut short', request: get(), answer: answer('Content-Length: 9\r\n', 'short') },
  {
    name: 'an answer with two framings',
    request: get(),
    answer: answer('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '2\r\nok\r\n0\r\n\r\n'),
  },
  {
    name: 'an answer with the same length twice',
    request: get(),
    answer: answer('Content-Length: 2\r\nContent-Length: 2\r\n', 'ok'),
    clientDiffers: 'equal lengths may be taken for one (RFC 9110 §8.6); http-proxy refuses them',
  },
  {
    name: 'an answer with a coding beside chunked',
    request: get(),
    answer: answer('Transfer-Encoding: gzip, chunked\r\n', '2\r\nok\r\n0\r\n\r\n'),
    clientDiffers: 'a coding that is not undone must not be lost (RFC 9112 §6.1)',
  },
  { name: 'no HTTP at all', request: get(), answer: 'SSH-2.0-x\r\n' },
]
