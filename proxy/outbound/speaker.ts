import { parseAddress } from '../contract/address'
import { parseBackendUrl, type BackendUrl } from '../contract/backend-url'
import type { Backend } from '../contract/config/backend'
import type { Service } from '../contract/config/service'
import type { DialTarget } from './dialer'
import { type ClientEnds, proxyHead } from './proxy-head'

/** What of a service decides how its backends are spoken to. */
export type SpokenFor = Pick<Service, 'hosts' | 'headers' | 'health' | 'lockdown'>

/**
 * How one backend of a service is spoken to, whoever speaks: visitors' requests, streams, health checks, tests and the proofs
 * of lock-down. A check that names another host than requests do finds out about another site.
 */
export class BackendSpeaker {
  readonly url: BackendUrl
  readonly target: DialTarget
  /** What it is called where a visitor's Host is not passed on, or there is none. */
  readonly ownHost: string
  private readonly service: SpokenFor

  /** `backend` has been checked. */
  constructor(service: SpokenFor, { url: text, tls }: Pick<Backend, 'url' | 'tls'>) {
    const url = parseBackendUrl(text)
    if (typeof url === 'string') throw new Error(`a backend has a URL that was not checked: ${url}`)
    this.service = service
    this.url = url
    this.ownHost = hostField(url)
    this.target = dialTarget(url, tls)
  }

  /** The Host of a visitor's request; `authority`: the visitor's own, empty where it sent none. */
  hostFor(authority: string): string {
    return this.service.headers.host === 'preserve' && authority !== '' ? authority : this.ownHost
  }

  /** The Host of a request that no visitor made: one that the backend sees in real requests. */
  get checkHost(): string {
    return this.hostFor(this.service.hosts.find((host) => !host.includes('*')) ?? '')
  }

  /** Whether every connection begins with a PROXY header, and so speaks for one client alone. */
  get tellsClient(): boolean {
    return this.service.lockdown.proxyProtocol !== 'off'
  }

  /** How connections differ that may not stand for one another. */
  get identity(): string {
    return `${this.target.identity} ${this.service.lockdown.proxyProtocol}`
  }

  /** The PROXY header of a client's connection; null where the backend wants none. `ends` null: the gateway itself asks. */
  head(ends: ClientEnds | null): Buffer | null {
    const { proxyProtocol } = this.service.lockdown
    return proxyProtocol === 'off' ? null : proxyHead(proxyProtocol, ends)
  }

  /** The GET by which a check or a proof asks. `secret` null: without the header that tells the gateway from everybody else. */
  checkText(secret: string | null = this.service.lockdown.secretHeader?.value ?? null, last = false): string {
    const { health, lockdown } = this.service
    const { basePath } = this.url
    const path = `${basePath === '/' ? '' : basePath}${health.path ?? '/'}`
    const proof = secret === null || lockdown.secretHeader === undefined ? '' : `${lockdown.secretHeader.name}: ${secret}\r\n`
    return `GET ${path} HTTP/1.1\r\nHost: ${this.checkHost}\r\nUser-Agent: health-check\r\nAccept: */*\r\n${proof}${last ? 'Connection: close\r\n' : ''}\r\n`
  }
}

/** Where a URL leads, and who has to answer there. */
export function dialTarget(url: BackendUrl, { verify, serverName }: Backend['tls']): DialTarget {
  const name = serverName ?? (parseAddress(url.host) === null ? url.host : '')
  return { secure: url.secure, host: url.host, port: url.port, verify, serverName: name, identity: `${url.secure} ${verify} ${name}` }
}

/** The Host field of a URL: the port only where it is not its scheme's own (RFC 9110 §7.2). */
export function hostField({ host, port, secure }: Pick<BackendUrl, 'host' | 'port' | 'secure'>): string {
  const name = host.includes(':') ? `[${host}]` : host
  return port === (secure ? 443 : 80) ? name : `${name}:${port}`
}
