import { describe, expect, test } from 'vitest'
import { answerCases } from '../../../support/desync/answer-cases'
import { framingCases } from '../../../support/desync/framing-cases'
import { headCases } from '../../../support/desync/head-cases'
import { readOnConnection, shown } from '../../../support/fuzz/connections'
import { seededRandom } from '../../../support/fuzz/random'
import type { Sample } from '../../../support/fuzz/reading'
import { nextSample } from '../../../support/fuzz/samples'
import { segmentations } from '../../../support/segments'
import { CHUNKED } from './samples'

/** Of longer messages the pairs of line ends are too many: those are cut at each line end, and byte by byte. */
const SHORT = 420
const LONGEST = 20_000

interface Named extends Sample {
  readonly name: string
}

const of = (kind: Sample['kind'], name: string, text: string, options: Partial<Pick<Sample, 'answers' | 'ends'>> = {}): Named => ({
  kind,
  name,
  bytes: Buffer.from(text, 'latin1'),
  answers: options.answers ?? 'GET',
  ends: options.ends ?? false,
  valid: true,
})

const ANSWERS: Readonly<Record<string, string>> = {
  'early hints': 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'two interim answers, and 204': 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 No Content\r\nX: y\r\n\r\n',
  'interim answers in LF alone':
    'HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\nok',
  'a switch of protocols': 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x02hi',
  'a switch of protocols in LF alone': 'HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: websocket\n\n\x81\x02hi',
  '304 with a length': 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 5\r\n\r\n',
  'no reason': 'HTTP/1.0 200\r\nContent-Length: 2\r\n\r\nok',
  'chunks in LF alone, with trailers': 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\nX: y\n z\nY : z\n\n',
  'chunks with blanks and extensions':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3 ; a = b\r\nabc\r\n0000000000000000002\t\nhe\r\n0 \r\nX: y\r\n\r\n',
  'all liberties of heads': 'HTTP/1.1 200 OK\r\nA : b\n c\r\nContent-Length: 2, 02\nContent-Length : 2\r\n\nok',
  'line ends within the body': 'HTTP/1.1 200 OK\nContent-Length: 12\n\n\r\n\r\n\n\n\r\n0\r\n\r',
}

function* samples(): Generator<Named> {
  for (const { name, send } of [...framingCases, ...headCases]) yield of('request', name, send)
  for (const { name, wire } of CHUNKED) {
    yield of(
      'request',
      `chunks of ${name}`,
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${wire}GET / HTTP/1.1\r\nHost: a\r\n\r\n`,
    )
    yield of('response', `chunks of ${name}`, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${wire}`)
  }
  for (const { name, answer, ends, method } of answerCases) yield of('response', name, answer, { ends, answers: method })
  for (const [name, text] of Object.entries(ANSWERS)) {
    yield of('response', name, text)
    yield of('response', `${name}, to HEAD, and the connection ends`, text, { answers: 'HEAD', ends: true })
  }
  yield of('response', 'a body until the connection ends', 'HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello\r\n\r\n', { ends: true })
  yield of('response', 'a body until the connection ends, in LF alone', 'HTTP/1.0 200 OK\n\nhello\n\n', { ends: true })
  const random = seededRandom(7_230)
  for (let number = 0; number < 300; number++) {
    const sample = nextSample(random)
    yield { ...sample, name: `random ${number}` }
  }
}

function cutsOf(text: string): Iterable<readonly string[]> {
  if (text.length <= SHORT) return segmentations(text)
  const ends = [...text.matchAll(/[\r\n]/g)].map(({ index }) => index + 1).filter((at) => at < text.length)
  return [...ends.map((at) => [text.slice(0, at), text.slice(at)]), Array.from(text)]
}

describe('however the network cuts it, whole, at every byte, at every two line ends, byte by byte, the same is read of', () => {
  const kinds = { request: 'a client’s', response: 'a backend’s' }
  const all = [...samples()].filter(({ bytes }) => bytes.length <= LONGEST)
  test.each(['request', 'response'] as const)('%s after %s', (kind) => {
    let read = 0
    let refused = 0
    for (const sample of all.filter((one) => one.kind === kind)) {
      const whole = JSON.stringify(shown(sample, readOnConnection(sample, [sample.bytes])))
      if (whole.includes('"end":"error"')) refused += 1
      else read += 1
      for (const pieces of cutsOf(sample.bytes.toString('latin1'))) {
        const reading = shown(
          sample,
          readOnConnection(
            sample,
            pieces.map((piece) => Buffer.from(piece, 'latin1')),
          ),
        )
        if (JSON.stringify(reading) !== whole)
          expect(reading, `${kinds[kind]} ${sample.name}: ${JSON.stringify(pieces)}`).toEqual(JSON.parse(whole))
      }
    }
    // It says something only where both happen often.
    expect(read).toBeGreaterThan(50)
    expect(refused).toBeGreaterThan(20)
  })
})
