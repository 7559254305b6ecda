import type { Backend } from '../backend/backend'
import { clientEnds } from '../../outbound/proxy-head'
import type { ForwardOutcome } from '../relay/outcome'
import { Transfer, type TransferOwner } from '../relay/transfer'
import type { Forwarding as ForwardedFor } from '../http/forwarded-headers'
import { headerValue } from '../http/header-list'
import type { HeaderRules } from '../http/header-rules'
import type { PublicView } from '../http/public-view'
import type { BackendView, ResourceSource } from '../http/resource'
import { offeredProtocols } from '../http/upgrade'
import type { ViaNames } from '../http/via'
import { directVisitor, portOf, readVisitor, type Visitor } from '../http/visitor'
import { buildRequestHead, forwardedLines } from '../http/request-head'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { CompiledService } from '../world/snapshot'
import { withoutSegments } from '../route/request-path'
import type { TimerWheel } from '../time/timer-wheel'
import type { RequestContext } from '../visit/context'
import type { Exchange } from '../visit/exchange'

/** Who hears how forwarding goes on. */
export interface ForwardListener {
  onFirstByte(status: number): void
  /** Called exactly once for each start. */
  onEnd(outcome: ForwardOutcome): void
}

/** Sends a request to the selected backend and relays the answer; one serves one request after the other of a context. */
export class Forwarding implements TransferOwner {
  readonly context: RequestContext
  private readonly listener: ForwardListener
  private readonly transfer: Transfer
  private service: CompiledService | null = null
  private backend: Backend | null = null
  private lines = ''
  private linesAuthority = ''
  private linesRules: HeaderRules | null = null

  constructor(context: RequestContext, listener: ForwardListener, wheel: TimerWheel) {
    this.context = context
    this.listener = listener
    this.transfer = new Transfer(this, wheel)
  }

  start(service: CompiledService, backend: Backend): void {
    this.service = service
    this.backend = backend
    const { context } = this
    const { speaker, live, connectTimeout } = backend
    // Where one idle connection was dead, the others may be too: the second try is on a fresh one.
    const head = speaker.tellsClient ? speaker.head(clientEnds(context, context.connection.socket)) : null
    this.transfer.start(live.pool, mayRepeat(context) && context.attempts === 1, speaker.target, connectTimeout, head)
  }

  /** The client's connection is gone. */
  close(): void {
    this.transfer.close()
  }

  get exchange(): Exchange {
    return this.context.exchange
  }

  get head(): RequestHead {
    return this.context.head
  }

  get upgrade(): boolean {
    return this.context.upgrade
  }

  get requestRules(): HeaderRules | null {
    return this.service?.requestRules ?? null
  }

  get answerRules(): HeaderRules | null {
    return this.service?.answerRules ?? null
  }

  get timeouts(): CompiledService['config']['timeouts'] {
    return this.required().service.config.timeouts
  }

  get maxBody(): number | undefined {
    return this.service?.config.maxBody
  }

  requestText(): string {
    const { context } = this
    const { service, backend } = this.required()
    const authority = context.authority?.text ?? ''
    const forwarding: ForwardedFor = {
      peer: context.connection.peer,
      client: context.client,
      trustedPeer: context.trustedPeer,
      proto: 'http',
      authority,
      port: context.connection.port,
      ref: context.ref,
    }
    const text = buildRequestHead(context.head, {
      forwarding,
      lines: context.trustedPeer ? '' : this.linesFor(forwarding, service.requestRules),
      rules: service.requestRules,
      signedIn: context.signedIn,
      ownCookies: service.ownCookies,
      path: backendPath(context, service, backend),
      host: backend.speaker.hostFor(authority),
    })
    return context.upgrade ? `${text}Connection: Upgrade\r\nUpgrade: ${offeredProtocols(context.head) ?? ''}\r\n\r\n` : `${text}\r\n`
  }

  /** What the backend is told of the client, made again only where it differs from the request before. */
  private linesFor(forwarding: ForwardedFor, rules: HeaderRules | null): string {
    if (this.lines === '' || forwarding.authority !== this.linesAuthority || rules !== this.linesRules) {
      this.linesAuthority = forwarding.authority
      this.linesRules = rules
      this.lines = forwardedLines(forwarding, rules)
    }
    return this.lines
  }

  /** Over HTTPS only, where that is how the visitor came. */
  get setCookie(): string | null {
    const { context } = this
    return context.setCookie === null || !cameSecurely(context) ? context.setCookie : `${context.setCookie}; Secure`
  }

  publicView(): PublicView {
    const { service, backend } = this.required()
    const authority = this.context.authority?.text ?? ''
    return {
      backend: backend.speaker.url,
      origin: `http://${authority === '' ? backend.speaker.ownHost : authority}`,
      strippedPath: service.strippedSegments > 0 ? service.config.path : '/',
    }
  }

  onFirstByte(status: number): void {
    this.listener.onFirstByte(status)
  }

  onBytesIn(count: number): void {
    this.context.countIn(count)
  }

  onBytesOut(count: number): void {
    this.context.countOut(count)
  }

  onOver(outcome: ForwardOutcome): void {
    const { backend, context, transfer } = this
    context.keptOn = transfer.keepsOwn ? (backend?.live ?? null) : null
    this.listener.onEnd(outcome)
  }

  private required(): { service: CompiledService; backend: Backend } {
    const { service, backend } = this
    if (service === null || backend === null) throw new Error('nothing is being forwarded')
    return { service, backend }
  }
}

/** Whether the request may be sent again where a backend closed the connection before it answered. */
export function mayRepeat({ head: { body, method }, upgrade }: RequestContext): boolean {
  return body === 'none' && !upgrade && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS')
}

/** Whether a trusted proxy says that the visitor came over HTTPS. */
function cameSecurely({ trustedPeer, head }: RequestContext): boolean {
  return trustedPeer && /^https *(?:,|$)/i.test(headerValue(head.lines.fields, 'x-forwarded-proto') ?? '')
}

function backendPath({ path }: RequestContext, service: CompiledService, { speaker: { url } }: Backend): string {
  if (path === null || path.raw === '*') return '*'
  const raw = service.strippedSegments > 0 ? withoutSegments(path.raw, service.strippedSegments) : path.raw
  return (url.basePath === '/' ? raw : url.basePath + raw) + path.query
}
