import type { Backend } from '../backend/backend'
import { clientEnds } from '../../outbound/proxy-head'
import type { ForwardOutcome } from '../relay/outcome'
import { Transfer } from '../relay/transfer'
import type { TransferOwner } from '../relay/transfer-owner'
import type { Forwarding as ForwardedFor } from '../http/forwarded-headers'
import type { HeaderRules } from '../http/header-rules'
import type { PublicView } from '../http/public-view'
import { buildRequestHead, forwardedLines } from '../http/request-head'
import type { BackendView, ResourceSource } from '../http/resource'
import { offeredProtocols } from '../http/upgrade'
import type { ViaNames } from '../http/via'
import { directVisitor, portOf, readVisitor, type Visitor } from '../http/visitor'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { CompiledService } from '../world/snapshot'
import { decodeSegments, isBelow, parseRequestPath } from '../route/request-path'
import { backendTarget, stripFault, writtenPath } from '../route/service-path'
import type { TimerWheel } from '../time/timer-wheel'
import type { RequestContext } from '../visit/context'
import type { Exchange } from '../visit/exchange'
import { resourceNames } from './destination'

/** Who hears how forwarding goes on. */
export interface ForwardListener {
  onFirstByte(status: number): void
  /** Called exactly once for each start. */
  onEnd(outcome: ForwardOutcome): void
}

/** Sends a request to the selected backend and relays the answer; one serves one request after the other of a context. */
export class Forwarding implements TransferOwner, ResourceSource {
  readonly context: RequestContext
  private readonly listener: ForwardListener
  private readonly transfer: Transfer
  private service: CompiledService | null = null
  private backend: Backend | null = null
  private readonly names: ViaNames
  /** What the visitor called where a trusted proxy tells it. */
  private visitor: Visitor | null = null
  private lines = ''
  private linesAuthority = ''
  private linesService: CompiledService | null = null
  private linesMinor: 0 | 1 = 1
  private prefix = ''
  private via = ''
  /** How the connection was made that the client's next request has to go over. */
  private ownIdentity = ''

  constructor(context: RequestContext, listener: ForwardListener, wheel: TimerWheel, names: ViaNames) {
    this.context = context
    this.listener = listener
    this.names = names
    this.transfer = new Transfer(this, wheel)
  }

  start(service: CompiledService, backend: Backend): void {
    this.service = service
    this.backend = backend
    const { context, transfer } = this
    const { speaker, live, connectTimeout } = backend
    // A trusted proxy brings many clients over one connection, and a save may ask more of a backend than it was asked then.
    if (transfer.own.isThere && (context.client !== context.keptFor || speaker.identity !== this.ownIdentity)) transfer.own.close()
    // Where one idle connection was dead, the others may be too: the second try is on a fresh one.
    const head = speaker.tellsClient ? speaker.head(clientEnds(context, context.connection.socket)) : null
    transfer.start(live.pool, mayRepeat(context) && context.attempts === 1, speaker.target, connectTimeout, head)
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
    this.visitor = context.trustedPeer
      ? readVisitor(context.head.lines.fields, { proto: 'http', authority: context.authority }, context.world.snapshot.trustedProxies)
      : null
    this.knowService(service, context.head.minor)
    const forwarding: ForwardedFor = {
      peer: context.connection.peer,
      client: context.client,
      visitor: this.visitor,
      proto: 'http',
      authority,
      port: portOf(context.authority, 'http'),
      ref: context.ref,
      prefix: this.prefix,
      via: this.via,
    }
    const text = buildRequestHead(context.head, {
      forwarding,
      lines: this.visitor === null ? this.linesFor(forwarding, service.requestRules) : '',
      rules: service.requestRules,
      signedIn: context.user !== null,
      ownCookies: service.ownCookies,
      path: context.path === null ? '*' : backendTarget(context.path, service.strippedSegments, backend.speaker.url.basePath),
      host: backend.speaker.hostFor(authority),
      resources: this,
    })
    return context.upgrade ? `${text}Connection: Upgrade\r\nUpgrade: ${offeredProtocols(context.head) ?? ''}\r\n\r\n` : `${text}\r\n`
  }

  /** What the backend is told of the service, made again only where it differs from the request before. */
  private knowService(service: CompiledService, minor: 0 | 1): void {
    if (service === this.linesService && minor === this.linesMinor) return
    this.linesService = service
    this.linesMinor = minor
    this.prefix = service.strippedSegments > 0 ? writtenPath(service.config.path) : ''
    this.via = `1.${minor} ${this.names.of(service.id)}`
    this.lines = ''
  }

  /** And of the client, likewise. */
  private linesFor(forwarding: ForwardedFor, rules: HeaderRules | null): string {
    if (this.lines === '' || forwarding.authority !== this.linesAuthority) {
      this.linesAuthority = forwarding.authority
      this.lines = forwardedLines(forwarding, rules)
    }
    return this.lines
  }

  /** Over HTTPS only, where that is how the visitor came. */
  get setCookie(): string | null {
    const { setCookie } = this.context
    return setCookie === null || this.visitor?.proto !== 'https' ? setCookie : `${setCookie}; Secure`
  }

  publicView(): PublicView {
    const { service, backend } = this.required()
    const { url, ownHost } = backend.speaker
    const visitor = this.visitor ?? directVisitor({ proto: 'http', authority: this.context.authority })
    return {
      backend: url,
      origin: visitor.origin ?? `http://${ownHost}`,
      told: backend.speaker.hostFor(this.context.authority?.text ?? ''),
      strippedPath: service.strippedSegments > 0 ? service.config.path : '/',
      outerPath: visitor.prefix,
      isElsewhere: (path) => leadsElsewhere(this.context, path),
    }
  }

  backendView(): BackendView {
    const { service, backend } = this.required()
    const { url } = backend.speaker
    return {
      names: resourceNames(this.context),
      origin: `${url.scheme}://${backend.speaker.hostFor(this.context.authority?.text ?? '')}`,
      targetOf: (path) =>
        isBelow(path.plain, decodeSegments(service.config.path)) && stripFault(path, service.strippedSegments) === null
          ? backendTarget(path, service.strippedSegments, url.basePath)
          : null,
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
    context.keptOn = null
    if (transfer.own.isThere && backend !== null) {
      context.keptOn = backend.live
      context.keptFor = context.client
      this.ownIdentity = backend.speaker.identity
    }
    this.visitor = null
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

/** Whether another service has this path for its own; what answers every path has none of them. */
function leadsElsewhere({ world, connection, authority, service }: RequestContext, path: string): boolean {
  const parsed = parseRequestPath(path)
  const result = parsed === null ? undefined : world.snapshot.routers.get(connection.listener)?.find(authority?.host ?? '', parsed)
  return result?.kind === 'found' && result.target.id !== service?.id && result.target.config.path !== '/'
}
