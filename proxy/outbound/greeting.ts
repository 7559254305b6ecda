import type { Socket } from 'node:net'
import { connect as secure } from 'node:tls'
import { answerMysql } from './mysql-greeting'
import type { Reading } from './reading'

/** A program that can be told by what it says first, or answers to a question. */
export type Greeting = 'ssh' | 'rdp' | 'tls' | 'mysql'

interface Expectation {
  /** What is sent to have an answer; null: the server speaks first. */
  readonly question: Buffer | null
  /** Reads all that came; `said`: how often something was sent back. */
  readonly read: (bytes: Buffer, said: number) => Reading
  readonly name: string
}

const MORE: Reading = { verdict: 'more' }
const OTHER: Reading = { verdict: 'other' }

/**
 * Our identification and SSH_MSG_DISCONNECT with SSH_DISCONNECT_BY_APPLICATION (RFC 4253 §4.2, §11.1), unencrypted as it may be
 * before the key exchange: sshd notes a visit that is over, not an error of its key exchange.
 */
const SSH_BYE = Buffer.from(`SSH-2.0-check\r\n\0\0\0\x1c\x0a\x01\0\0\0\x0b\0\0\0\x04done\0\0\0\0${'\0'.repeat(10)}`, 'latin1')

const EXPECTED: Readonly<Record<Exclude<Greeting, 'tls'>, Expectation>> = {
  ssh: {
    question: null,
    // RFC 4253 §4.2: the server may send other lines before its identification.
    read: (bytes) => (/^SSH-(?:2\.0|1\.99)-[^\r\n]*\r?\n/m.test(bytes.toString('latin1')) ? { verdict: 'well', say: SSH_BYE } : MORE),
    name: 'SSH',
  },
  rdp: {
    // [MS-RDPBCGR] 2.2.1.1: an X.224 connection request in a TPKT, answered by a connection confirm (0xd0).
    question: Buffer.from('030000130ee000000000000100080003000000', 'hex'),
    read: (bytes) => (bytes.length < 6 ? MORE : bytes[0] === 0x03 && bytes[5] === 0xd0 ? { verdict: 'well' } : OTHER),
    name: 'Remote Desktop',
  },
  mysql: { question: null, read: answerMysql, name: 'MySQL' },
}

const LONGEST = 4_096
/** An end that is told so politely may take so long to be answered. */
const LEAVE_MS = 1_000

/**
 * Waits for a program's greeting, and takes leave in the program's own way: what is merely dropped is an error in its log, and
 * MySQL shuts out whoever drops a hundred. Tells `done` why it is not the one that is expected, null where it is. `timeout` in ms.
 */
export function awaitGreeting(socket: Socket, expected: Greeting, timeout: number, done: (reason: string | null) => void): void {
  if (expected === 'tls') return shakeHands(socket, timeout, done)
  const { question, read, name } = EXPECTED[expected]
  let heard = Buffer.alloc(0)
  let said = 0
  let over = false
  const timer = setTimeout(
    () => finish(heard.length === 0 ? `it accepts connections, but no ${name} greeting came` : `what answers is not ${name}`),
    timeout,
  )
  function finish(reason: string | null): void {
    if (over) return
    over = true
    clearTimeout(timer)
    takeLeave(socket)
    done(reason)
  }
  socket.on('data', (bytes: Buffer) => {
    if (over) return
    heard = Buffer.concat([heard, bytes])
    const { verdict, say, fault } = read(heard, said)
    if (say !== undefined) {
      socket.write(say)
      said += 1
    }
    if (verdict === 'well') finish(fault ?? null)
    else if (verdict === 'other' || heard.length > LONGEST) finish(`what answers is not ${name}`)
  })
  socket.once('close', () => finish(`it closed the connection without a ${name} greeting`))
  socket.on('error', () => undefined)
  if (question !== null) socket.write(question)
}

/** Which programs speak first, and can be told by it. */
export type SpeaksFirst = 'ssh' | 'mysql'

/** Waits `timeout` ms for a program to speak first, and takes leave as it wants it; tells which it was, null: none that is known. */
export function listenFirst(socket: Socket, timeout: number, done: (speaks: SpeaksFirst | null) => void): void {
  let heard = Buffer.alloc(0)
  const timer = setTimeout(() => finish(null), timeout)
  const finish = (speaks: SpeaksFirst | null): void => {
    clearTimeout(timer)
    socket.off('data', onData)
    if (speaks === null) takeLeave(socket)
    else {
      socket.pause()
      awaitGreeting(socket, speaks, LEAVE_MS, () => undefined)
      socket.unshift(heard)
      socket.resume()
    }
    done(speaks)
  }
  const onData = (bytes: Buffer): void => {
    heard = Buffer.concat([heard, bytes])
    if (heard.toString('latin1', 0, 4) === 'SSH-') finish('ssh')
    else if (heard.length >= 5) finish(answerMysql(heard, 0).verdict === 'other' ? null : 'mysql')
  }
  socket.on('data', onData)
  socket.on('error', () => undefined)
}

/** Ends a connection in good order: what still comes is read, since an end with bytes unread is a reset. */
export function takeLeave(socket: Socket): void {
  socket.on('error', () => undefined)
  if (socket.destroyed) return
  const timer = setTimeout(() => socket.destroy(), LEAVE_MS)
  socket.once('end', () => socket.destroySoon())
  socket.once('close', () => clearTimeout(timer))
  socket.resume()
  socket.end()
}

/** A whole handshake, ended by a close_notify (RFC 8446 §6.1); whose certificate it is does not matter here. */
function shakeHands(socket: Socket, timeout: number, done: (reason: string | null) => void): void {
  let over = false
  const wrapped = secure({ socket, rejectUnauthorized: false })
  const finish = (reason: string | null): void => {
    if (over) return
    over = true
    clearTimeout(timer)
    takeLeave(wrapped)
    done(reason)
  }
  const timer = setTimeout(() => finish('it accepts connections, but no TLS greeting came'), timeout)
  wrapped.once('secureConnect', () => finish(null))
  // Whoever refuses a hello with an alert speaks TLS: it wants a certificate of ours, or another version.
  wrapped.once('error', (error: NodeJS.ErrnoException) => finish(/ALERT/.test(error.code ?? '') ? null : 'what answers is not TLS'))
  wrapped.once('close', () => finish('it closed the connection without a TLS greeting'))
}
