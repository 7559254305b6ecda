import { STATUS_CODES } from 'node:http'
import { NO_DESCRIPTOR } from '../../outbound/backend-error'
import { isShortage } from '../../system/steady'
import { headerValues } from '../http/header-list'
import { isDropped } from '../http/header-rules'
import type { CompiledService } from '../world/snapshot'
import type { RequestContext } from '../visit/context'
import type { Refusal } from '../visit/refusal'
import { goneWhile, type BodySink, type ClientGone } from '../visit/exchange'
import { buildErrorAnswer } from '../http/error-answer'
import { withoutSegments } from '../route/request-path'
import { ended } from '../intake/border'
import type { TimerWheel } from '../time/timer-wheel'
import { packings, prefersJson, takesPage } from './accepted'
import { fileHead } from './file-answer'
import { type BrokenOff, FileSender } from './file-sender'
import { OpenFile } from './file-reads'
import { fenceAround, findFile, type FoundFile, NotHostedError } from './find-file'
import { hostedSegments } from './hosted-path'
import type { LookUps } from './look-ups'
import { type Listings, TooManyListingsError } from './listings'
import { orderOf } from './listing-page'

/** What follows once a file has been answered, or not. */
export interface HostingOwner {
  onRefused(refusal: Refusal): void
  /** The answer is complete. */
  onSent(): void
  /** It broke off. */
  onBroken(by: 'client' | 'gateway', reason: string): void
}

const NOT_THERE: Refusal = { code: 'AR_NO_SERVICE', reason: 'there is no such file' }

/** Answers requests from a hosted folder, one after the other of a context. */
export class Hosting implements BodySink {
  private readonly context: RequestContext
  private readonly wheel: TimerWheel
  private readonly lookUps: LookUps
  private readonly listings: Listings
  private readonly owner: HostingOwner
  private sender: FileSender | null = null
  /** Tells a look-up that was overtaken by the client's end. */
  private turn = 0

  constructor(context: RequestContext, wheel: TimerWheel, lookUps: LookUps, listings: Listings, owner: HostingOwner) {
    this.context = context
    this.wheel = wheel
    this.lookUps = lookUps
    this.listings = listings
    this.owner = owner
  }

  begin(service: CompiledService): void {
    const { context, owner } = this
    const { head, path } = context
    if (head.method !== 'GET' && head.method !== 'HEAD') return this.refuseMethod()
    const raw = path?.raw ?? ''
    const segments = hostedSegments(
      withoutSegments(raw, service.strippedSegments),
      service.config.dotFiles === true,
      process.platform === 'win32',
    )
    if (typeof segments === 'string')
      return owner.onRefused({
        ...NOT_THERE,
        reason: segments === 'hidden' ? 'names that begin with a dot are not hosted' : 'the path names no file',
      })
    this.turn += 1
    const { turn } = this
    context.exchange.listen(this)
    if (head.body !== 'none') context.exchange.readBody()
    // The service's own path without its slash.
    if (service.strippedSegments > 0 && raw.split('/').length === service.strippedSegments + 1) return this.sendOn()
    this.answer(service, segments, turn).catch((error: unknown) => ended(context.exchange, error))
  }

  private async answer(service: CompiledService, segments: readonly string[], turn: number): Promise<void> {
    const { fields } = this.context.head.lines
    const accept = headerValues(fields, 'accept').join()
    const wanted = { segments, packings: packings(headerValues(fields, 'accept-encoding').join()), page: takesPage(accept) }
    const found = await this.lookUps
      .run(service.config.root ?? '', () => findFile(service.config, wanted, this.context.world.snapshot.hidden))
      .catch((error: NodeJS.ErrnoException) => error)
    if (turn !== this.turn) {
      if ('handle' in found) await found.handle.close().catch(() => undefined)
      return
    }
    if (found instanceof Error) return this.refuseFolder(service, found)
    if (found.kind === 'file') {
      try {
        return this.sendFile(service, found)
      } catch (error) {
        await found.handle.close().catch(() => undefined)
        throw error
      }
    }
    if (found.kind === 'slash') return this.sendOn()
    if (found.kind === 'folder') return await this.sendFolder(service, found.path, segments, prefersJson(accept), turn)
    this.refuse(NOT_THERE)
  }

  private async sendFolder(
    service: CompiledService,
    folder: string,
    segments: readonly string[],
    json: boolean,
    turn: number,
  ): Promise<void> {
    const { name, config } = service
    const { hidden } = this.context.world.snapshot
    const isTop = segments.length === 1
    const title = isTop ? name : `${config.path === '/' ? '' : config.path}/${segments.join('/')}`
    const order = orderOf(this.context.path?.query ?? '')
    const body = await this.lookUps
      .run(config.root ?? '', () => fenceAround(config.root ?? '', hidden))
      // Not among the look-ups: files go first, and need not wait for lists.
      .then((fence) => this.listings.write({ fence, folder, dotFiles: config.dotFiles === true, title, isTop, json, order }))
      .catch((error: NodeJS.ErrnoException) => error)
    if (turn !== this.turn) return
    if (body instanceof TooManyListingsError) return this.refuse({ code: 'AR_BUSY', reason: body.message })
    if (body instanceof Error) return isGone(body) ? this.refuse(NOT_THERE) : this.refuseFolder(service, body)
    this.sendBody(
      200,
      [
        'Content-Type',
        `${json ? 'application/json' : 'text/html'}; charset=utf-8`,
        'Cache-Control',
        'no-cache',
        'Vary',
        'Accept',
        'X-Content-Type-Options',
        'nosniff',
        'Content-Security-Policy',
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
      ],
      body,
    )
  }

  /** To the same address with a slash. As a path of its own: `a:b/` would be another scheme. */
  private sendOn(): void {
    const { path } = this.context
    this.sendText(308, ['Location', `./${path?.raw.split('/').at(-1) ?? ''}/${path?.query ?? ''}`], '')
  }

  private sendFile(service: CompiledService, file: FoundFile): void {
    const { context } = this
    const { exchange, head } = context
    this.lookUps.hold(file.handle)
    const { status, fields, span } = fileHead(file, head.method, head.lines.fields, context.at)
    this.begun(status)
    exchange.answer(status, STATUS_CODES[status] ?? '', this.changed(fields, service), 'length')
    const bare = head.method === 'HEAD' ? { start: 0, end: 0 } : span
    this.sender = new FileSender(
      exchange,
      new OpenFile(this.lookUps.reads, service.config.root ?? '', file.handle),
      bare,
      service.config.timeouts.idle,
      this.wheel,
      (count) => this.count(count),
      (reason) => this.onDone(reason),
    )
    this.sender.start()
  }

  private sendText(status: number, fields: readonly string[], text: string): void {
    this.sendBody(status, fields, Buffer.from(text))
  }

  /** By reference: of a list there is one for all who ask. */
  private sendBody(status: number, fields: readonly string[], body: Buffer): void {
    const { context } = this
    this.begun(status)
    context.exchange.answer(
      status,
      STATUS_CODES[status] ?? '',
      this.changed([...fields, 'Content-Length', String(body.length)], context.service),
      'length',
    )
    if (context.head.method !== 'HEAD' && body.length > 0) {
      this.count(body.length)
      context.exchange.write(body, { ranges: [0, body.length], size: body.length })
    }
    this.turn += 1
    this.owner.onSent()
  }

  private changed(fields: readonly string[], service: CompiledService | null): string[] {
    const rules = service?.answerRules ?? null
    if (rules === null) return [...fields]
    const kept = fields.filter((_, index) => !isDropped(rules, fields[index - (index % 2)] ?? ''))
    return [...kept, ...rules.set]
  }

  private begun(status: number): void {
    const { context } = this
    context.status = status
    context.answering()
  }

  private count(bytes: number): void {
    const { context } = this
    context.countOut(bytes)
  }

  /** Tells what is allowed here, which is less than the gateway itself allows. */
  private refuseMethod(): void {
    const { context } = this
    const { head, exchange } = context
    const error = buildErrorAnswer('AR_METHOD_REFUSED', context.ref, headerValues(head.lines.fields, 'accept').join())
    const allow = error.headers.indexOf('Allow') + 1
    context.refusal = { code: 'AR_METHOD_REFUSED', reason: `files are only read, not ${head.method}` }
    if (head.body !== 'none') exchange.closeAfter()
    exchange.listen(null)
    this.begun(error.status)
    exchange.answer(
      error.status,
      STATUS_CODES[error.status] ?? '',
      error.headers.map((text, index) => (index === allow ? 'GET, HEAD' : text)),
      'length',
    )
    this.count(Buffer.byteLength(error.body))
    exchange.writeText(error.body)
    this.owner.onSent()
  }

  private refuseFolder(service: CompiledService, error: NodeJS.ErrnoException): void {
    if (isShortage(error)) return this.refuse({ code: 'AR_BUSY', reason: NO_DESCRIPTOR, limit: 'descriptors' })
    this.refuse({
      code: 'AR_UNAVAILABLE',
      reason:
        error instanceof NotHostedError
          ? `the folder ${service.config.root ?? ''} ${error.message}`
          : `the folder ${service.config.root ?? ''} cannot be read (${error.code ?? error.message})`,
    })
  }

  private refuse(refusal: Refusal): void {
    this.turn += 1
    this.owner.onRefused(refusal)
  }

  private onDone(broken: BrokenOff | null): void {
    this.sender = null
    this.turn += 1
    if (broken === null) this.owner.onSent()
    else this.owner.onBroken(broken.by, broken.reason)
  }

  onClientGone(gone: ClientGone): void {
    const { sender } = this
    this.sender = null
    this.turn += 1
    sender?.stop()
    const { by, reason } = goneWhile(gone, sender === null ? 'while its file was looked up' : 'in the middle of the answer')
    this.owner.onBroken(by, reason)
  }

  onClientDrain(): void {
    this.sender?.resume()
  }

  // A body that comes with a GET means nothing to a file (RFC 9110 §9.3.1) and is dropped.
  onBody(): void {}
  onBodyEnd(): void {}
  onBodyPause(): void {}
  onBodyBad(): void {
    this.context.exchange.closeAfter()
  }
}

/** A folder that went while it was read. */
function isGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM'
}
