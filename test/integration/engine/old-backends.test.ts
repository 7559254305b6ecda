import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { startGateway, type Gateway } from '../../support/gateway'
import { sendRaw } from '../../support/raw-client'
import { scriptedBackend } from '../../support/scripted-backend'
import { segmentations, writePieces } from '../../support/segments'

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.stop())

async function answerWith(answer: string | (() => readonly string[])): Promise<readonly string[]> {
  const { url, got } = await scriptedBackend((socket) => {
    socket.setNoDelay(true)
    if (typeof answer === 'string') socket.write(answer, 'latin1')
    else void writePieces(socket, answer())
  })
  await gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url }] })
  return got
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

describe('what old and small servers write is read, and written anew for the client:', () => {
  test.each([
    ['blanks behind chunk sizes (ESPHome, WLED)', `${CHUNKED}2   \r\nok\r\n0   \r\n\r\n`],
    ['tabs behind chunk sizes', `${CHUNKED}2\t\r\nok\r\n0\t\r\n\r\n`],
    ['blanks round an extension and its equals sign', `${CHUNKED}2 ; a = "b" \r\nok\r\n0 ; c\r\n\r\n`],
    ['sizes filled up with zeroes', `${CHUNKED}0000000000000002\r\nok\r\n0000000000000000\r\n\r\n`],
    ['lines that end in LF alone', 'HTTP/1.1 200 OK\nX-Old: yes\nContent-Length: 2\n\nok'],
    ['chunks and trailers whose lines end in LF alone', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\nX-Sum: 1\n\n'],
    ['lines that end now in CRLF, now in LF', 'HTTP/1.1 200 OK\r\nX-Old: yes\nContent-Length: 2\r\n\nok'],
    ['a blank before a colon', 'HTTP/1.1 200 OK\r\nX-Old : yes\r\nContent-Length\t: 2\r\n\r\nok'],
    ['two lengths that are equal', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Old: yes\r\nContent-Length: 2\r\n\r\nok'],
    ['a list of equal lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok'],
    ['a folded field', 'HTTP/1.1 200 OK\r\nX-Old: yes,\r\n\tno\r\nContent-Length: 2\r\n\r\nok'],
  ])('%s', async (_, answer) => {
    const got = await answerWith(answer)
    const { text } = await sendRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const answers = text.match(/HTTP\/1\.1 200 OK\r\n(?:[A-Za-z-]+: [^\t\r\n]*\r\n)+\r\n(?:ok|2\r\nok\r\n0\r\n(?:X-Sum: 1\r\n)?\r\n)/g)
    expect(answers).toHaveLength(2)
    expect(answers?.join('')).toBe(text)
    const [first = ''] = answers ?? []
    expect(first.match(/content-length|transfer-encoding/gi)).toHaveLength(1)
    if (answer.includes('X-Old')) expect(first).toMatch(/\r\nX-Old: yes(?:, no)?\r\n/)
    // Each answer's end was known, so that its connection served the next request, too.
    expect(got).toHaveLength(1)
  })

  test.each([
    ['a length', 'HTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 200 OK\nX : a\nContent-Length: 5\n\nhello'],
    ['chunks', 'HTTP/1.1 200 OK\nTransfer-Encoding : chunked\n\n2 \nhe\n3 ;x = y\r\nllo\r\n0\t\nX-Sum: 5\n\n'],
  ])('an answer with %s, however the network cuts it', async (_, answer) => {
    let pieces: readonly string[] = []
    const got = await answerWith(() => pieces)
    for (pieces of segmentations(answer))
      expect(await ask(gateway.port), JSON.stringify(pieces)).toMatchObject({ status: 200, text: 'hello', complete: true })
    expect(got).toHaveLength(1)
  })
})

describe('an answer that is refused is logged with its line and the rule, of which the client hears nothing:', () => {
  test.each([
    ['HTTP/1.1 200 OK\r\nA: b\r\nFoo\x01: x\r\n\r\n', 'line 3, “Foo\\u0001: x”: a field name is not valid (RFC 9112 §5.1)'],
    ['HTTP/1.1 200 OK\r\nA: b\r\nFoo: \x00', 'line 3, “Foo: \\u0000”: a control character in a field value (RFC 9110 §5.5)'],
    [
      'HTTP/1.1 200 OK\r\nSet-Cookie: id=geheim\x01\r\n\r\n',
      'line 2, “Set-Cookie: …”: a control character in a field value (RFC 9110 §5.5)',
    ],
    [
      `HTTP/1.1 200 OK\r\nX-Auth-Token: geheim\n geheim\x01\n\n`,
      'line 2, “X-Auth-Token: …”: a control character in a field value (RFC 9110 §5.5)',
    ],
    ['HTTP/1.1 200 OK\r\nSet-Cookie: a\r\ngeheim\r\n\r\n', 'line 3, “…”: a field name is not valid (RFC 9112 §5.1)'],
    [
      'HTTP/1.1 200 OK\r\nContent-Length: 2\nContent-Length: 3\r\n\r\n',
      'line 3, “Content-Length: 3”: a second Content-Length (RFC 9112 §6.3)',
    ],
    ['HTTP/1.1 200 OK\r\nContent-Length:\r\n 2\r\n\r\n', 'line 2, “Content-Length:”: the Content-Length is not valid (RFC 9110 §8.6)'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n x\r\n\r\n', 'line 3, “ x”: a folded line (RFC 9112 §5.2)'],
    [
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n',
      'line 4, “Transfer-Encoding: chunked”: both Content-Length and Transfer-Encoding (RFC 9112 §6.3)',
    ],
    [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n',
      'line 2, “Transfer-Encoding: gzip”: a transfer coding other than one chunked (RFC 9112 §6.1)',
    ],
    [`HTTP/1.1 200 OK\r\n${'x'.repeat(90)} y: z\r\n\r\n`, `line 2, “${'x'.repeat(60)}…”: a field name is not valid (RFC 9112 §5.1)`],
    ['220 mail.test ESMTP\r\n', 'line 1, “220 mail.test ESMTP”: the status line is not valid (RFC 9112 §4)'],
    ['HTTP/1.1 20 OK\r\n\r\n', 'line 1, “HTTP/1.1 20 OK”: the status is not valid (RFC 9110 §15)'],
    ['HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: geheim\r\n\r\n', 'line 2, “X: a\\u000d…”: a CR without LF (RFC 9112 §2.2)'],
  ])('%j', async (answer, fault) => {
    await answerWith(answer)
    const { status, text, headers } = await ask(gateway.port)
    expect(status).toBe(502)
    expect(text + JSON.stringify(headers)).not.toMatch(/RFC|line \d|geheim/)
    expect((await gateway.rows())[0]?.reason).toBe(`main: the answer is not valid HTTP: ${fault}`)
  })

  test.each([
    ['x\r\n', 'a chunk size is not valid (RFC 9112 §7.1)'],
    ['1 0\r\n', 'a chunk size is not valid (RFC 9112 §7.1)'],
    ['1\r\nab', 'a chunk is longer than its size says (RFC 9112 §7.1)'],
    ['0\r\nSet Cookie: geheim\r\n\r\n', 'trailers: line 1, “Set Cookie: …”: a field name is not valid (RFC 9112 §5.1)'],
    ['0\r\nContent-Length: 3\r\n\r\n', 'a trailer that frames the message or names its host (RFC 9110 §6.5.1)'],
  ])('a body in chunks that goes on with %j', async (body, fault) => {
    await answerWith(`${CHUNKED}2\r\nok\r\n${body}`)
    expect(await ask(gateway.port)).toMatchObject({ status: 200, complete: false })
    expect((await gateway.rows())[0]).toMatchObject({ endedBy: 'backend', reason: `the answer’s body is not valid HTTP: ${fault}` })
  })
})

test.each([
  ['GET /a?key=geheim HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n', 'line 3, “X : y”: a blank before the colon (RFC 9112 §5.1)'],
  [
    'GET /a?key=geheim HTTP/1.1\r\nHost: a\r\n\r\n'.replace('HTTP/1.1', 'HTTP/x'),
    'line 1, “GET /a?… HTTP/x”: the version is not valid (RFC 9112 §2.3)',
  ],
  [
    'GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: Basic geheim\x01\r\n\r\n',
    'line 3, “Authorization: …”: a control character in a field value (RFC 9110 §5.5)',
  ],
  ['GET / HTTP/1.1\r\nHost: a\nCookie: geheim\n\n', 'line 2, “Host: a\\u000a…”: a line ends in LF alone (RFC 9112 §2.2)'],
  ['GET / HTTP/1.1\r\nHost: a\r\nX: y\nCookie: geheim\r\n\r\n', 'line 3, “X: y\\u000a…”: a line ends in LF alone (RFC 9112 §2.2)'],
  ['GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n', 'line 4, “ z”: a folded line (RFC 9112 §5.2)'],
  ['GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 'line 3, “Host: b”: a second Host (RFC 9112 §3.2)'],
  ['GET / HTTP/1.1\r\nX: y\r\n\r\n', 'no Host field (RFC 9112 §3.2)'],
  [
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n',
    'line 4, “Content-Length: 1”: a second Content-Length (RFC 9112 §6.3)',
  ],
  ['\x16\x03\x01\x02\x00\x01', 'line 1, “\\u0016\\u0003\\u0001\\u0002\\u0000\\u0001”: the request line is not valid (RFC 9112 §3)'],
  [
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nok\r\n0\r\n\r\n',
    'the body is not valid HTTP: a chunk size is not valid (RFC 9112 §7.1)',
  ],
])('a request that is refused, %j, is logged with its line and the rule, of which the client hears nothing', async (request, fault) => {
  await answerWith('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  const { status, text } = await sendRaw(gateway.port, Buffer.from(request, 'latin1'))
  expect(status).toBe(400)
  expect(text).not.toMatch(/RFC|line \d|geheim/)
  expect((await gateway.rows())[0]?.reason).toBe(fault)
})
