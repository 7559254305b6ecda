import { parseAddress } from '../../contract/address'
import { type BackendUrl, parseBackendUrl } from '../../contract/backend-url'
import { elapsed } from '../../contract/clock'
import type { Config } from '../../contract/config/document'
import type { Discovered } from '../../contract/calls/doctor'
import { listeningPorts, type ListeningPort } from '../../system/listening-ports'
import { type Answer, ask } from '../doctor/ask'
import { KNOWN_NOT_WEB, WELL_KNOWN_WEB_PORTS } from './well-known'

const LIMIT_MS = 800
const AT_ONCE = 16

export interface ScanOptions {
  readonly config: Config
  /** Ports that are ours: the console's. */
  readonly skip: ReadonlySet<number>
  /** Every address of this machine. */
  readonly own: readonly string[]
}

/** Looks for web services that listen on this machine. */
export async function scan(options: ScanOptions): Promise<{ found: Discovered[]; checked: number; duration: number }> {
  const begun = elapsed()
  const candidates = reachable((await listeningPorts()) ?? wellKnown()).filter(
    ({ port }) =>
      !options.skip.has(port) && !KNOWN_NOT_WEB.has(port) && !options.config.listeners.some((listener) => listener.port === port),
  )
  const found: Discovered[] = []
  const queue = candidates.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const candidate of queue) {
        const hit = await probe(candidate)
        if (hit) found.push({ ...hit, exposedBy: exposedBy(hit.port, options) })
      }
    }),
  )
  return { found: found.toSorted((a, b) => a.port - b.port), checked: candidates.length, duration: Math.round(elapsed() - begun) }
}

function wellKnown(): ListeningPort[] {
  return WELL_KNOWN_WEB_PORTS.flatMap((port) => ['127.0.0.1', '::1'].map((address) => ({ address, port, pid: null, program: null })))
}

/** One entry per port, with the address at which it is asked: IPv4 loopback before IPv6 loopback before any other. */
function reachable(ports: readonly ListeningPort[]): ListeningPort[] {
  const best = new Map<number, ListeningPort>()
  for (const entry of ports) {
    const address = entry.address === '0.0.0.0' || entry.address === '::' ? '127.0.0.1' : entry.address
    const other = best.get(entry.port)
    if (!other || rank(address) < rank(other.address))
      best.set(entry.port, { ...entry, address, pid: entry.pid ?? other?.pid ?? null, program: entry.program ?? other?.program ?? null })
  }
  return [...best.values()]
}

function rank(address: string): number {
  const order = ['127.0.0.1', '::1'].indexOf(address)
  return order === -1 ? 2 : order
}

async function probe({ address, port, pid, program }: ListeningPort): Promise<Omit<Discovered, 'exposedBy'> | null> {
  const plain = await answerOf({ scheme: 'http', secure: false, host: address, port, basePath: '/' })
  // A TLS server answers plain HTTP with an error page, an alert, or not at all.
  const secure =
    plain === null || plain.status === 400 ? await answerOf({ scheme: 'https', secure: true, host: address, port, basePath: '/' }) : null
  const answer = secure ?? plain
  if (!answer) return null
  const host = address.includes(':') ? `[${address}]` : address
  return {
    url: `${secure ? 'https' : 'http'}://${host}:${port}`,
    port,
    program,
    pid,
    title: answer.title,
    status: answer.status,
    latency: answer.latency,
  }
}

function answerOf(url: BackendUrl): Promise<Answer | null> {
  const family = url.host.includes(':') ? 6 : 4
  // Whatever does not answer in time or speaks something else is no web service; why is of no interest here.
  return ask({ url, addresses: [{ address: url.host, family }], path: '/', tls: { verify: false }, timeout: LIMIT_MS }).catch(() => null)
}

/** The id of the service that already has this port of this machine as a backend. */
function exposedBy(port: number, { config, own }: ScanOptions): string | null {
  const service = config.services.find(({ backends }) =>
    backends.some((backend) => {
      const url = parseBackendUrl(backend.url)
      return typeof url !== 'string' && url.port === port && isHere(url.host, own)
    }),
  )
  return service?.id ?? null
}

function isHere(host: string, own: readonly string[]): boolean {
  if (host === 'localhost' || own.includes(host)) return true
  const address = parseAddress(host)
  return address?.family === 4 && address.value >> 24n === 127n
}
