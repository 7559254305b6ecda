import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStrictBackend, type StrictBackend } from '../support/desync/strict-backend'
import { readWithLlhttp } from '../support/fuzz/llhttp'
import { seededRandom, type Random } from '../support/fuzz/random'
import type { Sample } from '../support/fuzz/reading'
import { nextSample } from '../support/fuzz/samples'
import { startGateway, type Gateway } from '../support/gateway'

const SEED = 9_112
const SAMPLES = 1_500
/** For the rest of an answer that never comes; then the client leaves. */
const PATIENCE = 40
/** For an answer, or the end of the connection, that must come. */
const LONG_PATIENCE = 10_000
const AT_ONCE = 16
const PLAIN = 'GET /plain HTTP/1.1\r\nHost: wiki.test\r\nConnection: close\r\n\r\n'

let backend: StrictBackend
let gateway: Gateway

beforeAll(async () => {
  backend = await startStrictBackend()
  gateway = await startGateway({ settings: { limits: { connectionsPerClient: 1_000 } } })
  await gateway.serve({ id: 'any', backends: [{ id: 'main', url: backend.url }], health: { type: 'off' } })
})
afterAll(async () => {
  await gateway.stop()
  await backend.stop()
})

test(`whatever ${SAMPLES.toLocaleString('en')} clients send, a strict backend gets nothing it could not read, and clients get only whole HTTP`, async () => {
  const samples = take('request', seededRandom(SEED))
  const unreadable: string[] = []
  let answered = 0
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let sample = samples.pop(); sample !== undefined; sample = samples.pop()) {
        // The client ends its half: what is no whole request then needs no waiting for.
        const text = await exchange(sample.bytes, LONG_PATIENCE, true)
        if (text !== '') answered++
        if (!isReadable(text)) unreadable.push(`${JSON.stringify(sample.bytes.toString('latin1'))} was answered ${JSON.stringify(text)}`)
      }
    }),
  )
  expect(unreadable).toEqual([])
  expect(backend.violations).toEqual([])
  expect(answered).toBeGreaterThan(SAMPLES / 2)
  expect(backend.requests.length).toBeGreaterThan(SAMPLES / 4)
  expect(await exchange(Buffer.from(PLAIN), LONG_PATIENCE)).toMatch(/^HTTP\/1\.1 200[^]*ok$/)
})

test(`whatever ${SAMPLES.toLocaleString('en')} backends answer, the client gets only HTTP, and the next client its own answer`, async () => {
  const unreadable: string[] = []
  const mixedUp: string[] = []
  for (const sample of take('response', seededRandom(SEED))) {
    backend.answerWith('/odd', sample.bytes.toString('latin1'), sample.ends)
    const text = await exchange(Buffer.from('GET /odd HTTP/1.1\r\nHost: wiki.test\r\nConnection: close\r\n\r\n'))
    if (!isReadable(text)) unreadable.push(`${JSON.stringify(sample.bytes.toString('latin1'))} became ${JSON.stringify(text)}`)
    const next = await exchange(Buffer.from(PLAIN), LONG_PATIENCE)
    if (!/^HTTP\/1\.1 200[^]*\r\n\r\nok$/.test(next))
      mixedUp.push(`after ${JSON.stringify(sample.bytes.toString('latin1'))} came ${JSON.stringify(next)}`)
    backend.forget()
  }
  expect(unreadable).toEqual([])
  expect(mixedUp).toEqual([])
})

function take(kind: Sample['kind'], random: Random): Sample[] {
  const samples: Sample[] = []
  while (samples.length < SAMPLES) {
    const sample = nextSample(random)
    // Where an answer to HEAD ends cannot be told from the answers alone.
    if (sample.kind === kind && !sample.bytes.includes('HEAD')) samples.push(sample)
  }
  return samples
}

/** A run of answers that llhttp reads without a fault, as far as it came: an answer may be cut, never wrong. */
function isReadable(text: string): boolean {
  const { end } = readWithLlhttp({ kind: 'response', bytes: Buffer.from(text, 'latin1'), answers: 'GET', ends: false, valid: false })
  return end !== 'error'
}

/** What comes back before the connection ends or nothing has come for a while. */
function exchange(bytes: Buffer, patience = PATIENCE, ends = false): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(gateway.port, '127.0.0.1')
    let text = ''
    socket.setTimeout(patience, () => socket.destroy())
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
    if (ends) socket.end(bytes)
    else socket.write(bytes)
  })
}
