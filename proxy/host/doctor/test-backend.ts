import type { LookupAddress } from 'node:dns'
import { STATUS_CODES } from 'node:http'
import { withoutZone } from '../../contract/address'
import { type BackendUrl, parseBackendUrl } from '../../contract/backend-url'
import { elapsed } from '../../contract/clock'
import type { Backend } from '../../contract/config/backend'
import type { Surroundings } from '../../contract/check'
import type { ConfigDocument } from '../../contract/config/document'
import type { BackendVerdict } from '../../contract/calls/doctor'
import { CallError } from '../../contract/failure'
import { parseConfig } from '../../contract/parse'
import { awaitGreeting, type Greeting, takeLeave } from '../../outbound/greeting'
import { errorCode } from '../store/system-words'
import { ask, NoAnswerError, resolveHost } from './ask'
import { BackendError } from '../../outbound/backend-error'
import { proxyHead } from '../../outbound/proxy-head'
import { dialTarget } from '../../outbound/speaker'
import { dialerTo } from './dialer'
import { certificateProblem } from './certificate-words'

const LIMIT_MS = 2_000

export interface BackendQuestion {
  readonly url: string
  readonly verify: boolean
  readonly serverName?: string | undefined
  /** What the backend's connections have to begin with. */
  readonly proxyProtocol: 'off' | 'v1' | 'v2'
  readonly host?: string | undefined
  readonly path: string
  /** The greeting that has to come from a port of a machine. */
  readonly expect?: Greeting | undefined
}

/** Asks a backend once and says in words what comes back. Fails with AR_INVALID where the URL is none. */
export async function testBackend(
  question: BackendQuestion,
  listeners: ConfigDocument['listeners'],
  surroundings: Surroundings,
): Promise<BackendVerdict> {
  const url = parseBackendUrl(question.url)
  if (typeof url === 'string') throw new CallError('AR_INVALID', url, { issues: [{ path: 'url', message: url }] })
  const loop = loopOf(question.url, listeners, surroundings)
  if (loop !== null) return verdict('loop', loop)
  const begun = elapsed()
  let addresses: LookupAddress[]
  try {
    addresses = await resolveHost(url.host, LIMIT_MS)
  } catch (error) {
    return verdict('name-not-found', nameWords(url, error))
  }
  for (const { address } of addresses) {
    const way = loopOf(withHost(url, address), listeners, surroundings)
    if (way !== null) return verdict('loop', way)
  }
  if (url.scheme === 'udp')
    return {
      verdict: 'answers',
      text: 'Datagrams are not answered on the spot, so this is seen only in use.',
      status: null,
      latency: null,
      title: null,
    }
  if (url.scheme === 'tcp') return testPort(url, addresses, begun, question)
  try {
    const answer = await ask({
      url,
      addresses,
      path: question.path,
      host: question.host,
      tls: tlsOf(question),
      head: question.proxyProtocol === 'off' ? null : proxyHead(question.proxyProtocol, null),
      timeout: Math.max(100, LIMIT_MS - (elapsed() - begun)),
    })
    const well = answer.status >= 200 && answer.status < 400
    const words = STATUS_CODES[answer.status] === undefined ? '' : ` ${STATUS_CODES[answer.status]}`
    return {
      verdict: well ? 'ok' : 'answers',
      text: well
        ? `Answered ${answer.status} in ${answer.latency} ms.`
        : `Reachable, answers ${answer.status}${words}${answer.status === 401 ? ': it asks for a sign-in' : ''}.`,
      ...answer,
    }
  } catch (error) {
    return failureVerdict(url, error)
  }
}

/** Whether a port accepts connections, and greets as expected. */
async function testPort(
  url: BackendUrl,
  addresses: readonly LookupAddress[],
  begun: number,
  question: BackendQuestion,
): Promise<BackendVerdict> {
  const { expect, proxyProtocol } = question
  const head = proxyProtocol === 'off' ? null : proxyHead(proxyProtocol, null)
  const met = await new Promise<{ error: BackendError | null; reason: string | null }>((resolve) => {
    dialerTo(addresses).dial(dialTarget(url, { verify: false }), { timeout: LIMIT_MS, head }, (error, socket) => {
      if (socket !== null && expect !== undefined)
        return awaitGreeting(socket, expect, LIMIT_MS, (reason) => resolve({ error: null, reason }))
      if (socket !== null) takeLeave(socket)
      resolve({ error, reason: null })
    })
  })
  if (met.error !== null) return failureVerdict(url, met.error)
  const latency = Math.max(1, Math.round(elapsed() - begun))
  const text =
    met.reason === null
      ? `${expect === undefined ? 'Accepts connections' : 'Answers as expected'} (${latency} ms).`
      : `It accepts connections, but checks will find it down: ${met.reason}. Choose another kind of machine, or none.`
  return { verdict: met.reason === null ? 'ok' : 'answers', text, status: null, latency, title: null }
}

function tlsOf({ verify, serverName }: BackendQuestion): Backend['tls'] {
  return serverName === undefined ? { verify } : { verify, serverName }
}

function failureVerdict(url: BackendUrl, error: unknown): BackendVerdict {
  const { host, port } = url
  if (error instanceof NoAnswerError || (error instanceof BackendError && error.kind === 'timeout'))
    return verdict('timeout', `${host} did not answer within 2 s. It may be switched off, or a firewall drops the request.`)
  const certificate = certificateProblem(systemError(error))
  if (certificate !== null)
    return verdict(
      'certificate',
      `The certificate of ${host} is not trusted: ${certificate}. Accept it if you know this machine, or use plain HTTP.`,
    )
  const code = errorCode(systemError(error)) ?? ''
  if (code === 'ECONNREFUSED')
    return verdict(
      'refused',
      `Nothing answers on port ${port} at ${host}: the connection was refused. The machine is up, so the program has probably stopped.`,
    )
  if (code === 'ETIMEDOUT')
    return verdict('timeout', `${host} did not answer within 2 s. It may be switched off, or a firewall drops the request.`)
  if (url.secure && (code === 'EPROTO' || code.startsWith('ERR_SSL')))
    return verdict('not-http', `Port ${port} at ${host} does not speak HTTPS. Try http:// instead.`)
  if (code.startsWith('HPE_')) return verdict('not-http', `What listens on port ${port} at ${host} does not speak HTTP.`)
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return verdict(
      'not-http',
      `What listens on port ${port} at ${host} closed the connection without an answer. It may not speak HTTP${url.secure ? '' : ', or only https://'}.`,
    )
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EHOSTDOWN')
    return verdict('unreachable', `There is no way from this machine to ${host}. Check the address and the network.`)
  return verdict('unreachable', `${host} could not be asked (${code || 'unknown reason'}).`)
}

/** What the system said of it. */
function systemError(error: unknown): unknown {
  return error instanceof BackendError ? error.cause : error
}

function nameWords({ host }: BackendUrl, error: unknown): string {
  if (error instanceof NoAnswerError || errorCode(error) === 'EAI_AGAIN')
    return `${host} has no address: the name was not found, because the name server does not answer. Check the spelling and the network, or use the IP address.`
  return `${host} has no address: the name was not found. Check the spelling, or use the IP address.`
}

/** What the configuration's own rule says of a backend that leads back here; null where it does not. */
function loopOf(url: string, listeners: ConfigDocument['listeners'], surroundings: Surroundings): string | null {
  const scheme = /^(tcp|udp):/.exec(url)?.[1]
  const parsed = parseConfig(
    {
      version: 1,
      listeners,
      services: [{ id: 'test', ...(scheme === undefined ? {} : { type: scheme }), backends: [{ id: 'main', url }] }],
    },
    surroundings,
  )
  const issue = parsed.ok ? undefined : parsed.issues.find(({ path }) => path === 'services[0].backends[0].url')
  return issue ? `${issue.message.charAt(0).toUpperCase()}${issue.message.slice(1)}.` : null
}

function withHost({ scheme, port }: BackendUrl, address: string): string {
  return `${scheme}://${address.includes(':') ? `[${withoutZone(address)}]` : address}:${port}`
}

function verdict(kind: BackendVerdict['verdict'], text: string): BackendVerdict {
  return { verdict: kind, text, status: null, latency: null, title: null }
}
