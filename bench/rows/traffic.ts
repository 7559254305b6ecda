import { comparisonRow, inTurn } from '../compare'
import { latencyAt, type Latency } from '../load/open-loop'
import { warmUp, wrk } from '../load/wrk'
import { echoesPerSecond } from '../load/ws-load'
import { HOST } from '../programs/ours'
import type { Program } from '../programs/program'
import { median, type Row } from '../row'

export const ROUNDS = 3
const CLIENTS = 64
const KEEP_ALIVE = { host: HOST, connections: CLIENTS, seconds: 3 }
const CLOSING = { host: HOST, connections: CLIENTS, seconds: 2, headers: ['Connection: close'] }
const BIG = { host: HOST, path: '/big', connections: 8, seconds: 2 }

/** Keep-alive requests with answers of 100 bytes: what a gateway does all day. */
export async function keepAlive(programs: readonly Program[]): Promise<Row[]> {
  for (const { port } of programs) await warmUp({ ...KEEP_ALIVE, port })
  const measured = await inTurn(programs, ROUNDS, async ({ port }) => (await wrk({ ...KEEP_ALIVE, port })).requestsPerSecond)
  return [
    comparisonRow(measured, {
      figure: 'HTTP/1.1 keep-alive, all features on',
      unit: 'requests/s',
      atLeast: { HAProxy: 1, nginx: 0.9, Caddy: 2.5, 'http-proxy': 6 },
      note: `${CLIENTS} clients, 100-byte answers; ${ROUNDS} rounds of 3 s`,
    }),
  ]
}

/** A client that opens a connection for every request. */
export async function newConnections(programs: readonly Program[]): Promise<Row[]> {
  for (const { port } of programs) await warmUp({ ...CLOSING, port })
  const measured = await inTurn(programs, ROUNDS, async ({ port }) => (await wrk({ ...CLOSING, port })).requestsPerSecond)
  return [
    comparisonRow(measured, {
      figure: 'new connections, no keep-alive',
      unit: 'requests/s',
      atLeast: { HAProxy: 0.7 },
      note: `${CLIENTS} clients; ${ROUNDS} rounds of 2 s`,
    }),
  ]
}

/** Large answers: bytes, not requests. */
export async function bigAnswers(programs: readonly Program[]): Promise<Row[]> {
  for (const { port } of programs) await warmUp({ ...BIG, port })
  const measured = await inTurn(programs, ROUNDS, async ({ port }) => (await wrk({ ...BIG, port })).bytesPerSecond / 1024 ** 2)
  return [
    comparisonRow(measured, { figure: '10 MB answers', unit: 'MB/s', atLeast: { nginx: 0.8 }, note: `8 clients; ${ROUNDS} rounds of 2 s` }),
  ]
}

export async function webSocketEcho(programs: readonly Program[]): Promise<Row[]> {
  for (const program of programs) await echoesPerSecond(program.port, HOST, CLIENTS, 0.5)
  const measured = await inTurn(programs, ROUNDS, (program) => echoesPerSecond(program.port, HOST, CLIENTS, 2))
  return [
    comparisonRow(measured, {
      figure: 'WebSocket echo, 1 KB',
      unit: 'echoes/s',
      atLeast: { HAProxy: 0.9 },
      note: `${CLIENTS} connections, one message under way on each; ${ROUNDS} rounds of 2 s`,
    }),
  ]
}

const RATE = 2_000
const DIRECT = 'direct'

/** What a program adds to the time of an answer at a rate that leaves it idle most of the time. */
export async function addedLatency(programs: readonly Program[], backendPort: number): Promise<Row[]> {
  const everyone = [{ name: DIRECT, port: backendPort }, ...programs]
  const latencies = new Map<string, Latency[]>(everyone.map(({ name }) => [name, []]))
  for (const { port } of programs) await latencyAt(RATE, port, HOST, 1)
  await inTurn(everyone, ROUNDS, async ({ name, port }) => {
    const latency = await latencyAt(RATE, port, HOST, 2)
    latencies.get(name)?.push(latency)
    return latency.p50
  })
  return (['p50', 'p99'] as const).map((percentile) => latencyRow(latencies, percentile))
}

function latencyRow(latencies: ReadonlyMap<string, readonly Latency[]>, percentile: 'p50' | 'p99'): Row {
  const direct = median((latencies.get(DIRECT) ?? []).map((latency) => latency[percentile]))
  // What is added is never less than nothing; where it seems so, the machine was noisier than the program is slow.
  const added = new Map(
    [...latencies]
      .filter(([name]) => name !== DIRECT)
      .map(([name, each]) => [name, each.map((latency) => Math.max(0, latency[percentile] - direct))]),
  )
  const haproxy = added.get('HAProxy')
  const row = comparisonRow(added, {
    figure: `added latency at ${RATE.toLocaleString('en')} requests/s, ${percentile}`,
    unit: 'ms',
    atLeast: {},
    digits: 2,
    note: `open loop, direct ${direct.toFixed(2)} ms; ${ROUNDS} rounds of 2 s`,
  })
  const most = haproxy === undefined ? null : percentile === 'p50' ? median(haproxy) + 0.2 : 2 * median(haproxy)
  return {
    ...row,
    goal: percentile === 'p50' ? '≤ HAProxy + 0.2 ms' : '≤ 2 × HAProxy',
    holds: most === null || row.value === null ? null : row.value <= Number(most.toFixed(2)),
  }
}
