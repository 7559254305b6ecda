import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answerCases, POISON } from '../support/desync/answer-cases'
import { framingCases } from '../support/desync/framing-cases'
import { headCases } from '../support/desync/head-cases'
import type { RequestCase } from '../support/desync/request-case'
import { startStrictBackend, type StrictBackend } from '../support/desync/strict-backend'
import { readWithLlhttp } from '../support/fuzz/llhttp'
import type { ReadMessage } from '../support/fuzz/reading'
import { startGateway, type Gateway } from '../support/gateway'
import { until } from '../support/until'

/** Comes after every attack on the same connection: it is answered where the connection is still in step, and by nobody where it was closed. */
const LAST = 'GET /last HTTP/1.1\r\nHost: wiki.test\r\nConnection: close\r\n\r\n'
/** Only a fault makes one wait so long: each of these connections is ended by the gateway. */
const PATIENCE = 15_000

let backend: StrictBackend
let gateway: Gateway

beforeAll(async () => {
  backend = await startStrictBackend()
  gateway = await startGateway()
  const backends = [{ id: 'main', url: backend.url }]
  await gateway.serve(
    { id: 'wiki', hosts: ['wiki.test'], backends, health: { type: 'off' } },
    { id: 'closed', hosts: ['closed.test'], backends, health: { type: 'off' }, access: { rules: [], default: 'deny' } },
  )
})
afterAll(async () => {
  await gateway.stop()
  await backend.stop()
})
beforeEach(() => backend.forget())

describe('what frames a request is never read in two ways', () => {
  test.each(framingCases)('$name', judge)
})

describe('the head of a request is never read in two ways', () => {
  test.each(headCases)('$name', judge)
})

test('a chunk of 2^32 + 3 bytes is waited for, not cut down to 3', async () => {
  const socket = connect(gateway.port, '127.0.0.1').on('error', () => undefined)
  socket.write(`POST /a HTTP/1.1\r\nHost: wiki.test\r\nTransfer-Encoding: chunked\r\n\r\n100000003\r\nabc\r\n0\r\n\r\n${LAST}`, 'latin1')
  await until('the bytes to arrive', () => backend.received().includes('Host: wiki.test') && backend.received().includes('abc'))
  // Cut down to 3, the body would have ended there, and the backend would have had its request before the next of all.
  await exchange(LAST, 'GET')
  expect(backend.requests.map(({ target }) => target)).toEqual(['/last'])
  socket.destroy()
})

describe('pipelined requests', () => {
  test('wait for the answer to an unsafe one (RFC 9112 §9.3.2)', async () => {
    await exchange(`POST /a HTTP/1.1\r\nHost: wiki.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n${LAST}`, 'GET')
    expect(backend.requests.map(({ target }) => target)).toEqual(['/a', '/last'])
  })
})

describe('a backend’s answer is never read in two ways', () => {
  test.each(answerCases)('$name', async ({ answer, ends, method, expect: expected, body }) => {
    backend.answerWith('/a', answer, ends)
    const reading = await exchange(`${method} /a HTTP/1.1\r\nHost: wiki.test\r\n\r\n${LAST}`, method)
    const [first, ...more] = reading.answers
    expect(reading.closed, 'the connection ends').toBe(true)
    expect(reading.text).not.toContain(POISON)
    if (expected === 'refused') expect(first).toMatchObject({ start: '502 HTTP/1.1', complete: true })
    if (expected === 'passed') expect(first).toMatchObject({ body, complete: true })
    // An answer that stays unfinished ends the connection; else the next answer is the next request's own.
    const cut = expected === 'never-whole' && !isRefused(first)
    if (cut) expect(first).toMatchObject({ complete: false })
    expect(more).toMatchObject(cut ? [] : [{ start: '200 HTTP/1.1', body: 'ok', complete: true }])

    const after = await exchange(LAST, 'GET')
    expect(after.answers).toMatchObject([{ start: '200 HTTP/1.1', body: 'ok', complete: true }])
    expect(backend.violations).toEqual([])
  })
})

async function judge({ send, expect: expected, statuses, targets, body }: RequestCase): Promise<void> {
  const reading = await exchange(send + LAST, 'GET')
  const finals = reading.answers.map(({ start }) => Number(start.slice(0, 3)))
  const seen = backend.requests.map(({ target }) => target)
  const got = { statuses: finals, seen, closed: reading.closed, answer: reading.text.slice(0, 200) }

  expect(backend.violations, 'a strict backend finds nothing wrong').toEqual([])
  expect(seen, 'nothing was smuggled').not.toContain('/smuggled')
  expect(reading.closed, 'the connection ends').toBe(true)
  const passed = expected === 'passed' || (expected === 'either' && finals[0] === 200)
  if (passed) {
    expect(finals).toEqual([...targets.map(() => 200), 200])
    expect(seen.toSorted()).toEqual([...targets, '/last'].toSorted())
    expect(backend.requests.map(({ fields }) => fields.get('host')?.join().toLowerCase())).toEqual(
      [...targets, '/last'].map(() => 'wiki.test'),
    )
    if (body !== undefined) expect(backend.requests.find(({ target }) => target === targets[0])?.body).toBe(body)
    return
  }
  const before = expected === 'either' ? [] : targets
  // Only a malformed request ends the connection; one that is understood and forbidden need not.
  const refusal = finals[before.length]
  if (expected !== 'cut' || refusal !== undefined) expect(statuses, JSON.stringify(got)).toContain(refusal)
  const inStep = refusal !== undefined && refusal !== 400 && seen.at(-1) === '/last'
  expect(got).toMatchObject({ seen: inStep ? [...before, '/last'] : before })
  expect(finals.length, JSON.stringify(got)).toBeLessThanOrEqual(before.length + (inStep ? 2 : 1))
  if (expected === 'refused' && before.length === 0 && !inStep) expect(backend.received(), 'not one byte at a backend').toBe('')
}

function isRefused(message: ReadMessage | undefined): boolean {
  return message?.start.startsWith('502') === true
}

/** Writes bytes and reads until the connection ends, for a limited time. The answers that are final, as llhttp reads them. */
async function exchange(
  bytes: string,
  method: 'GET' | 'HEAD',
): Promise<{ text: string; closed: boolean; answers: readonly ReadMessage[] }> {
  const text = await new Promise<{ text: string; closed: boolean }>((resolve) => {
    const socket = connect(gateway.port, '127.0.0.1')
    let text = ''
    const patience = setTimeout(() => finish(false), PATIENCE)
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => finish(true))
    socket.write(bytes, 'latin1')
    function finish(closed: boolean): void {
      clearTimeout(patience)
      resolve({ text, closed })
      socket.destroy()
    }
  })
  return { ...text, answers: answersOf(text.text, method).filter(({ start }) => !start.startsWith('1')) }
}

/** One method holds for all of a run of answers in llhttp's eyes, so an answer to HEAD is taken off first. */
function answersOf(text: string, method: 'GET' | 'HEAD'): readonly ReadMessage[] {
  if (method === 'GET')
    return readWithLlhttp({ kind: 'response', bytes: Buffer.from(text, 'latin1'), answers: 'GET', ends: true, valid: false }).messages
  const end = text.indexOf('\r\n\r\n') + 4
  const [first] = readWithLlhttp({
    kind: 'response',
    bytes: Buffer.from(text.slice(0, end), 'latin1'),
    answers: 'HEAD',
    ends: true,
    valid: false,
  }).messages
  return [...(first ? [first] : []), ...answersOf(text.slice(end), 'GET')]
}
