import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { versionOf } from '../programs/program'

const WRK = '/usr/bin/wrk'
const run = promisify(execFile)
const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

export interface WrkLoad {
  readonly port: number
  readonly path?: string
  readonly host?: string
  readonly connections: number
  readonly seconds: number
  readonly headers?: readonly string[]
  /** A Lua script of wrk's, with its arguments. */
  readonly script?: readonly [string, ...string[]]
}

export interface WrkResult {
  readonly requests: number
  readonly requestsPerSecond: number
  readonly bytesPerSecond: number
}

export function wrkVersion(): string | null {
  return versionOf(WRK, ['-v'], /wrk (\S+)/)
}

/** Loads a port with wrk; an answer that is not 2xx or 3xx, or a broken connection, is an error: such a figure would mean nothing. */
export async function wrk({ port, path = '/', host, connections, seconds, headers = [], script }: WrkLoad): Promise<WrkResult> {
  const fields = [...(host === undefined ? [] : [`Host: ${host}`]), ...headers].flatMap((field) => ['-H', field])
  const [file, ...values] = script ?? []
  const { stdout } = await run(WRK, [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    ...fields,
    ...(file === undefined ? [] : ['-s', file]),
    `http://127.0.0.1:${port}${path}`,
    ...(values.length > 0 ? ['--', ...values] : []),
  ])
  const failed = /Non-2xx or 3xx responses: \d+|Socket errors: (?!connect 0, read 0, write 0, timeout 0).*/.exec(stdout)
  if (failed !== null) throw new Error(`wrk on port ${port}${path}: ${failed[0]}`)
  const transfer = /Transfer\/sec:\s+([\d.]+)(B|KB|MB|GB)/.exec(stdout)
  return {
    requests: Number(/(\d+) requests in/.exec(stdout)?.[1]),
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    bytesPerSecond: Number(transfer?.[1]) * (UNITS[transfer?.[2] ?? ''] ?? Number.NaN),
  }
}

/** Short load whose figure is thrown away: caches fill, connections open, JavaScript is compiled. */
export async function warmUp(load: WrkLoad): Promise<void> {
  await wrk({ ...load, seconds: 1 })
}
