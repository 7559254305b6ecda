import type { AnswerSink } from '../../../proxy/engine/backend/answer-sink'
import { Handshakes } from '../../../proxy/engine/edge/handshakes'
import { Standing } from '../../../proxy/engine/edge/standing'
import { BackendConnection } from '../../../proxy/engine/backend/backend-connection'
import type { BodyReader } from '../../../proxy/engine/http/wire/body-reader'
import type { FieldLines } from '../../../proxy/engine/http/wire/field-lines'
import type { RequestHead } from '../../../proxy/engine/http/wire/request-head-parser'
import type { ResponseHead } from '../../../proxy/engine/http/wire/response-head-parser'
import { Intake } from '../../../proxy/engine/intake/intake'
import { ClientConnection } from '../../../proxy/engine/serve/client-connection'
import type { ClientConnectionHome } from '../../../proxy/engine/serve/connection-home'
import { TimerWheel } from '../../../proxy/engine/time/timer-wheel'
import { feed, SilentSocket } from '../silent-socket'
import type { Reading, ReadMessage, Sample } from './reading'
import { isTargetForm, pairs } from './wire'

interface Draft extends ReadMessage {
  body: string
  trailers: [string, string][]
  complete: boolean
}

const wheel = new TimerWheel()

/** What the engine's own connections make of a sample that comes in these pieces, one read each. */
export function readOnConnection(sample: Sample, pieces: readonly Buffer[]): Reading {
  return sample.kind === 'request' ? readRequests(pieces) : readAnswer(sample, pieces)
}

/**
 * The part of a reading that one exchange on a connection shows: all requests, but only the first final answer with what
 * comes before it. How much of a body came before its fault is not the same in every way of cutting.
 */
export function shown({ kind }: Sample, { messages, end, reason }: Reading): Reading {
  const last = kind === 'request' ? -1 : messages.findIndex(({ start }) => !start.startsWith('1') || start.startsWith('101'))
  const seen = last === -1 ? messages : messages.slice(0, last + 1)
  const isOver = last !== -1 && seen.at(-1)?.complete === true
  if (isOver) return { messages: seen, end: 'stopped', reason: '' }
  return end === 'error'
    ? { messages: seen.map((message) => (message.complete ? message : { ...message, body: '' })), end, reason: '' }
    : { messages: seen, end, reason }
}

const handshakes = new Handshakes({ most: () => ({ handshakes: 100_000, handshakesPerClient: 100_000 }), onFull: () => undefined })

function draft(start: string, { fields }: FieldLines): Draft {
  return { start, fields: pairs(fields), body: '', trailers: [], complete: false }
}

function readRequests(pieces: readonly Buffer[]): Reading {
  const messages: Draft[] = []
  let end: Reading['end'] = 'open'
  const intake = new Intake()
  const over = (how: 'error' | 'stopped'): void => {
    end = how
    intake.sink = null
  }
  const home: ClientConnectionHome<ClientConnection> = {
    id: 'web',
    port: 80,
    headerBytes: 65_536,
    keepAliveMs: 65_000,
    draining: false,
    patient: false,
    wheel,
    onBroken: () => null,
    onFault: () => over('error'),
    onClosed: () => undefined,
    onRequest(connection, head: RequestHead) {
      if (end !== 'open') return
      if (!isTargetForm(head.target)) return over('error')
      const message = draft(`${head.method} ${head.target} HTTP/1.${head.minor}`, head.lines)
      messages.push(message)
      const complete = (trailers: readonly string[]): void => {
        message.complete = true
        message.trailers = pairs(trailers)
        if (!head.keepAlive || head.method === 'CONNECT') return over('stopped')
        connection.answer(200, 'OK', [], 'none')
        connection.end([])
      }
      if (head.body === 'none') return complete([])
      connection.listen({
        onBody: (buffer, body) => void (message.body += textOf(buffer, body)),
        onBodyEnd: complete,
        onBodyPause: () => undefined,
        onBodyBad: () => over('error'),
        onClientGone: () => undefined,
        onClientDrain: () => undefined,
      })
      connection.readBody()
    },
  }
  const socket = new SilentSocket()
  const standing = new Standing({ peer: '127.0.0.1', address: null, socket, handshakes, handshakeOf: null, isRefused: false })
  intake.sink = new ClientConnection(socket, intake, standing, home)
  feed(intake, pieces)
  socket.emit('close')
  return { messages, end, reason: '' }
}

function readAnswer({ answers, ends }: Sample, pieces: readonly Buffer[]): Reading {
  const messages: Draft[] = []
  let end: Reading['end'] = 'open'
  const add = (head: ResponseHead): Draft => {
    const message = draft(`${head.status} HTTP/1.${head.minor}`, head.lines)
    messages.push(message)
    return message
  }
  const complete = (trailers: readonly string[]): void => {
    const message = messages.at(-1)
    if (message === undefined) return
    message.complete = true
    message.trailers = pairs(trailers)
  }
  let cut = false
  const sink: AnswerSink = {
    onInterim(head) {
      add(head).complete = true
    },
    onAnswer: (head) => void add(head),
    onAnswerBody(buffer, body) {
      const message = messages.at(-1)
      if (message !== undefined) message.body += textOf(buffer, body)
    },
    onAnswerEnd(trailers) {
      complete(trailers)
      end = 'stopped'
    },
    onAnswerPause: () => undefined,
    onSwitch(head) {
      add(head).complete = true
      end = 'stopped'
    },
    onAnswerFailed() {
      if (!cut) end = 'error'
    },
    onBackendDrain: () => undefined,
    onFault: () => null,
  }
  const socket = new SilentSocket()
  const intake = new Intake()
  const connection = new BackendConnection(socket, intake, 0, { remove: () => undefined }, wheel)
  connection.begin(sink, answers === 'HEAD')
  feed(intake, pieces)
  cut = true
  if (ends) socket.emit('end')
  connection.destroy()
  return { messages, end, reason: '' }
}

function textOf(buffer: Buffer, { ranges }: Pick<BodyReader, 'ranges'>): string {
  let text = ''
  for (let at = 0; at + 1 < ranges.length; at += 2) text += buffer.toString('latin1', ranges[at], ranges[at + 1])
  return text
}
