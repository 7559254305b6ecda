import type { Socket } from 'node:net'

/** A program that can be told by what it says first, or answers to a question. */
export type Greeting = 'ssh' | 'rdp' | 'tls'

interface Expectation {
  /** What is sent to have an answer; null: the server speaks first. */
  readonly question: Buffer | null
  readonly isAnswer: (bytes: Buffer) => boolean
  readonly name: string
}

/** Record and handshake headers, 0x41 and 0x3d bytes long, and the version. */
const RECORD = '16030100410100003d0303'
/** No session, six suites, no compression, and the groups extension with P-256. */
const SUITES = '00000cc02fc030c02bc02c009c009d01000008000a000400020017'

/** A TLS 1.2 ClientHello without a name, which offers a few common suites: any TLS server answers a ServerHello or an alert (RFC 5246 §7.4.1.2). */
const HELLO = Buffer.from(`${RECORD}${'00'.repeat(32)}${SUITES}`, 'hex')

const EXPECTED: Readonly<Record<Greeting, Expectation>> = {
  // RFC 4253 §4.2: the server may send other lines before its identification.
  ssh: { question: null, isAnswer: (bytes) => /^SSH-(?:2\.0|1\.99)-/m.test(bytes.toString('latin1')), name: 'SSH' },
  // [MS-RDPBCGR] 2.2.1.1: an X.224 connection request in a TPKT, answered by a connection confirm (0xd0).
  rdp: {
    question: Buffer.from('030000130ee000000000000100080003000000', 'hex'),
    isAnswer: (bytes) => bytes[0] === 0x03 && bytes[5] === 0xd0,
    name: 'Remote Desktop',
  },
  tls: { question: HELLO, isAnswer: (bytes) => (bytes[0] === 0x16 || bytes[0] === 0x15) && bytes[1] === 0x03, name: 'TLS' },
}

const LONGEST = 4_096

/** Waits for a program's greeting; tells `done` why it is not the one that is expected, null where it is. `timeout` in ms. */
export function awaitGreeting(socket: Socket, expected: Greeting, timeout: number, done: (reason: string | null) => void): void {
  const { question, isAnswer, name } = EXPECTED[expected]
  let heard = Buffer.alloc(0)
  let over = false
  const timer = setTimeout(
    () => finish(heard.length === 0 ? `it accepts connections, but no ${name} greeting came` : `what answers is not ${name}`),
    timeout,
  )
  function finish(reason: string | null): void {
    if (over) return
    over = true
    clearTimeout(timer)
    socket.destroy()
    done(reason)
  }
  socket.on('data', (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes])
    if (isAnswer(heard)) finish(null)
    else if (heard.length > LONGEST || (expected !== 'ssh' && heard.length >= 6)) finish(`what answers is not ${name}`)
  })
  socket.once('close', () => finish(`it closed the connection without a ${name} greeting`))
  socket.on('error', () => undefined)
  if (question !== null) socket.write(question)
}
