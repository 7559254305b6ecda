import { expect, test } from 'vitest'
import { ChunkedDecoder } from '../../../../proxy/engine/http/wire/chunked-decoder'
import { CHUNKED, LOOSELY_CHUNKED, NEVER_CHUNKED, NOT_CHUNKED } from './samples'

/** Pushes the pieces one after the other; gives what was found until the end or the first fault. */
function decode(decoder: ChunkedDecoder, pieces: readonly Buffer[]): { verdict: string; body: string; left: number } {
  let body = ''
  for (const [index, piece] of pieces.entries()) {
    const verdict = decoder.push(piece, 0, piece.length)
    for (let at = 0; at < decoder.ranges.length; at += 2) body += piece.toString('latin1', decoder.ranges[at], decoder.ranges[at + 1])
    if (verdict === 'more') continue
    const left = pieces.slice(index + 1).reduce((sum, { length }) => sum + length, piece.length - decoder.position)
    return { verdict, body, left }
  }
  return { verdict: 'more', body, left: 0 }
}
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

const CLIENTS = CHUNKED.map((sample) => ({ ...sample, sender: 'client' as const }))
const BACKENDS = [...CHUNKED, ...LOOSELY_CHUNKED].map((sample) => ({ ...sample, sender: 'backend' as const }))
const BAD = [
  ...Object.entries({ ...NOT_CHUNKED, ...NEVER_CHUNKED }).map(([name, wire]) => ({ name, wire, sender: 'client' as const })),
  ...LOOSELY_CHUNKED.map(({ name, wire }) => ({ name, wire, sender: 'client' as const })),
  ...Object.entries(NEVER_CHUNKED).map(([name, wire]) => ({ name, wire, sender: 'backend' as const })),
]

test.each([...CLIENTS, ...BACKENDS])(
  'a $sender’s body of $name is the same wherever the network splits it',
  ({ sender, wire, body, trailers }) => {
    const whole = bytes(wire)
    const decoder = new ChunkedDecoder(sender)
    for (let first = 0; first <= whole.length; first++) {
      for (let second = first; second <= whole.length; second++) {
        decoder.reset()
        expect(decode(decoder, [whole.subarray(0, first), whole.subarray(first, second), whole.subarray(second)])).toEqual({
          verdict: 'done',
          body,
          left: 0,
        })
        expect(decoder.trailers).toEqual(trailers)
      }
    }
    decoder.reset()
    expect(
      decode(
        decoder,
        [...whole].map((byte) => Buffer.from([byte])),
      ),
    ).toEqual({ verdict: 'done', body, left: 0 })
  },
)

test.each([...CLIENTS, ...BACKENDS])('what follows a $sender’s body of $name is left alone', ({ sender, wire, body }) => {
  const next = 'GET / HTTP/1.1\r\n\r\n'
  expect(decode(new ChunkedDecoder(sender), [bytes(wire + next)])).toEqual({ verdict: 'done', body, left: next.length })
})

test.each([...CLIENTS, ...BACKENDS])('a $sender’s body of $name that is cut short is never done', ({ sender, wire }) => {
  for (let length = 0; length < wire.length; length++)
    expect(decode(new ChunkedDecoder(sender), [bytes(wire.slice(0, length))]).verdict).toBe('more')
})

test.each(BAD)('a $sender’s $name is no chunked body, wherever the network splits it', ({ sender, wire }) => {
  const whole = bytes(wire)
  expect(decode(new ChunkedDecoder(sender), [whole]).verdict).toBe('bad')
  for (let at = 1; at < Math.min(whole.length, 64); at++)
    expect(decode(new ChunkedDecoder(sender), [whole.subarray(0, at), whole.subarray(at)]).verdict).toBe('bad')
})
