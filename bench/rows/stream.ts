import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import { comparisonRow, inTurn, OURS } from '../compare'
import { freePort } from '../engine'
import { NGINX, nginxArguments, nginxFile } from '../programs/nginx'
import { startVariant } from '../programs/ours'
import { accepts, end, type Program, startProgram, versionOf } from '../programs/program'
import type { Row } from '../row'
import { ROUNDS } from './traffic'

const GIGABYTE = 1024 ** 3
/** The file is this much at random, over and over: bytes that were lost, doubled or moved show. */
const PIECE = 16 * 1024 ** 2
const HAPROXY = '/usr/sbin/haproxy'
const FILE = 'gigabyte'

/** A gigabyte down one connection of a `tcp` service: bytes that nobody looks at, on their way from nginx's sendfile to a client that counts them. */
export async function tcpStream(folder: string): Promise<Row[]> {
  const digest = writeGigabyte(path.join(folder, FILE))
  const port = await freePort()
  const file = path.join(folder, 'nginx-stream.conf')
  writeFileSync(file, nginxFile(folder, 'stream', `server { listen 127.0.0.1:${port}; root ${folder}; }`))
  const nginx = spawn(NGINX, nginxArguments(folder, file), { stdio: ['ignore', 'ignore', 'inherit'] })
  const programs: Program[] = []
  try {
    await accepts(port, 'the nginx of the stream')
    programs.push(await startVariant(OURS, (own) => documentOf(own, port)))
    const haproxy = await startStreamHaproxy(folder, port)
    if (haproxy !== null) programs.push(haproxy)
    // Also what warms everything up.
    for (const program of programs)
      if ((await fetchGigabyte(program.port, true)).digest !== digest) throw new Error(`${program.name} changed what went through it`)
    const measured = await inTurn(
      programs,
      ROUNDS,
      async (program) => GIGABYTE / 1024 ** 2 / (await fetchGigabyte(program.port, false)).seconds,
    )
    return [
      comparisonRow(measured, {
        figure: '1 GB through a tcp service',
        unit: 'MB/s',
        atLeast: { HAProxy: 0.8 },
        note: `one connection; ${ROUNDS} rounds, each of them complete to the byte, and once compared by SHA-256`,
      }),
    ]
  } finally {
    for (const program of programs) await program.stop()
    await end(nginx)
    rmSync(path.join(folder, FILE), { force: true })
  }
}

function writeGigabyte(file: string): string {
  const piece = randomBytes(PIECE)
  const hash = createHash('sha256')
  writeFileSync(file, '')
  for (let written = 0; written < GIGABYTE; written += PIECE) {
    appendFileSync(file, piece)
    hash.update(piece)
  }
  return hash.digest('hex')
}

/** As in the other rows, with what a machine has: rules that are asked, a health check, counters and the log. */
function documentOf(port: number, backend: number): ConfigDocument {
  return {
    version: 1,
    listeners: [{ id: 'machine', address: '127.0.0.1', port, protocol: 'tcp' }],
    services: [
      {
        id: 'machine',
        type: 'tcp',
        backends: [{ id: 'main', url: `tcp://127.0.0.1:${backend}` }],
        health: { type: 'tcp', interval: '5s' },
        access: { rules: [{ action: 'allow', from: 'loopback' }], default: 'deny' },
      },
    ],
  }
}

/** HAProxy with one thread in TCP mode; null where it is not installed. */
async function startStreamHaproxy(folder: string, backend: number): Promise<Program | null> {
  const version = versionOf(HAPROXY, ['-v'], /version (\d[^\s-]*)/)
  if (version === null) return null
  const port = await freePort()
  const file = path.join(folder, 'haproxy-stream.cfg')
  writeFileSync(
    file,
    `
global
  nbthread 1
  maxconn 4000
defaults
  mode tcp
  timeout connect 3s
  timeout client 60s
  timeout server 60s
frontend machine
  bind 127.0.0.1:${port}
  default_backend machine
backend machine
  server main 127.0.0.1:${backend} check inter 5s
`,
  )
  return startProgram('HAProxy', version, port, [HAPROXY, '-db', '-q', '-f', file])
}

interface Fetched {
  readonly seconds: number
  /** Of the body; empty where it was not asked for. */
  readonly digest: string
}

/** Takes the file through a port. A byte too few or too many is an error: such a figure would mean nothing. */
function fetchGigabyte(port: number, hashed: boolean): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafeSlow(1024 ** 2)
    const began = performance.now()
    let head = ''
    let bytes = 0
    const socket = connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer,
        callback(count) {
          let from = 0
          if (!head.includes('\r\n\r\n')) {
            const before = head.length
            head += buffer.toString('latin1', 0, count)
            const over = head.indexOf('\r\n\r\n')
            if (over === -1) return true
            from = over + 4 - before
          }
          bytes += count - from
          if (hashed) hash.update(buffer.subarray(from, count))
          return true
        },
      },
    })
    socket.on('error', reject)
    socket.on('connect', () => socket.write(`GET /${FILE} HTTP/1.0\r\n\r\n`))
    socket.once('close', () => {
      if (bytes !== GIGABYTE) return reject(new Error(`${bytes} bytes of ${GIGABYTE} came on port ${port}`))
      resolve({ seconds: (performance.now() - began) / 1_000, digest: hashed ? hash.digest('hex') : '' })
    })
  })
}
