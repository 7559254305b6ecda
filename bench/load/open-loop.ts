import { connect, type Socket } from 'node:net'

const CONNECTIONS = 64

export interface Latency {
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

interface Client {
  readonly socket: Socket
  due: number
  got: number
  /** Bytes of a whole answer, known from the first. */
  expected: number
}

/**
 * Latency at a fixed rate: requests are sent when they are due, whether earlier ones were answered or not, and the time is
 * counted from when they were due, so that a program that stalls cannot hide it (coordinated omission).
 */
export async function latencyAt(rate: number, port: number, host: string, seconds: number): Promise<Latency> {
  const request = Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  const waiting: number[] = []
  const idle: Client[] = []
  const times: number[] = []
  let failed = 0
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(port)))
  for (const client of clients) {
    client.socket.on('data', (chunk: Buffer) => {
      if (client.expected === 0) client.expected = answerLength(chunk)
      client.got += chunk.length
      if (client.expected === 0 || client.got < client.expected) return
      client.got = 0
      times.push(performance.now() - client.due)
      const due = waiting.shift()
      if (due === undefined) idle.push(client)
      else send(client, due)
    })
    client.socket.once('close', () => failed++)
    idle.push(client)
  }
  function send(client: Client, due: number): void {
    client.due = due
    client.socket.write(request)
  }

  const total = rate * seconds
  const started = performance.now()
  let sent = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now()
      const owed = Math.min(total, Math.floor(((now - started) * rate) / 1_000))
      for (; sent < owed; sent++) {
        const client = idle.pop()
        // What this process itself was late by, its timers tick once a millisecond, is not the program's.
        if (client) send(client, now)
        else waiting.push(now)
      }
      if (sent < total || (times.length < total && now - started < seconds * 2_000)) return
      clearInterval(timer)
      resolve()
    }, 1)
  })
  if (failed > 0 || times.length < total)
    throw new Error(`at ${rate} requests/s port ${port} answered ${times.length} of ${total} and closed ${failed} connections`)
  for (const { socket } of clients) socket.removeAllListeners('close').destroy()
  const sorted = times.slice(rate / 2).toSorted((a, b) => a - b)
  return { p50: sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN, p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN }
}

/** All answers are alike, so the first tells how long they are; Date and references do not change their length. */
function answerLength(first: Buffer): number {
  const text = first.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const length = /^content-length: (\d+)/im.exec(text)?.[1]
  if (!text.startsWith('HTTP/1.1 200') || length === undefined) throw new Error(`an answer that cannot be measured: ${text.slice(0, 80)}`)
  return end + 4 + Number(length)
}

function open(port: number): Promise<Client> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('error', reject).once('connect', () => resolve({ socket, due: 0, got: 0, expected: 0 }))
  })
}
