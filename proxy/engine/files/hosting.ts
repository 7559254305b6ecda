import { realpath } from 'node:fs/promises'
import { STATUS_CODES } from 'node:http'
import { headerValues } from '../http/header-list'
import type { CompiledService } from '../lifecycle/snapshot'
import type { Refusal, RequestContext } from '../pipeline/context'
import type { BodySink } from '../pipeline/exchange'
import { withoutSegments } from '../route/request-path'
import type { TimerWheel } from '../time/timer-wheel'
import { encodings, fileHead } from './file-answer'
import { FileSender } from './file-sender'
import { findFile, type FoundFile } from './find-file'
import { hostedSegments } from './hosted-path'
import { listingJson, listingPage, readFolder } from './listing'

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
  private readonly owner: HostingOwner
  private sender: FileSender | null = null
  /** Tells a look-up that was overtaken by the client's end. */
  private turn = 0

  constructor(context: RequestContext, wheel: TimerWheel, owner: HostingOwner) {
    this.context = context
    this.wheel = wheel
    this.owner = owner
  }

  begin(service: CompiledService): void {
    const { context, owner } = this
    const { head, path } = context
    if (head.method !== 'GET' && head.method !== 'HEAD') return owner.onRefused({ code: 'AR_METHOD_REFUSED', reason: `files are only read, not ${head.method}`, close: head.body !== 'none' })
    const segments = path === null ? 'not-valid' : hostedSegments(withoutSegments(path.raw, service.strippedSegments), service.config.dotFiles === true, process.platform === 'win32')
    if (typeof segments === 'string') return owner.onRefused({ ...NOT_THERE, reason: segments === 'hidden' ? 'names that begin with a dot are not hosted' : 'the path names no file' })
    this.turn += 1
    const { turn } = this
    context.exchange.listen(this)
    if (head.body !== 'none') context.exchange.readBody()
    void this.answer(service, segments, turn)
  }

  private async answer(service: CompiledService, segments: readonly string[], turn: number): Promise<void> {
    const { context } = this
    const accept = headerValues(context.head.lines.fields, 'accept').join()
    const taken = encodings(headerValues(context.head.lines.fields, 'accept-encoding').join())
    const found = await findFile(service.config, { segments, ...taken, page: accept === '' || /text\/html|\*\/\*/.test(accept) }).catch((error: NodeJS.ErrnoException) => error)
    if (turn !== this.turn) {
      if ('handle' in found) await found.handle.close()
      return
    }
    if (found instanceof Error) return this.refuse({ code: 'AR_UNAVAILABLE', reason: `the folder ${service.config.root ?? ''} cannot be read (${found.code ?? found.message})` })
    if (found.kind === 'file') return this.sendFile(service, found)
    if (found.kind === 'slash') return this.sendText(308, ['Location', `${context.path?.raw.split('/').at(-1) ?? ''}/${context.path?.query ?? ''}`], '')
    if (found.kind === 'folder') return this.sendFolder(service, found.path, accept, turn)
    this.refuse(NOT_THERE)
  }

  private async sendFolder(service: CompiledService, folder: string, accept: string, turn: number): Promise<void> {
    const { context } = this
    const entries = await readFolder(await realpath(service.config.root ?? ''), folder, service.config.dotFiles === true).catch(() => null)
    if (turn !== this.turn) return
    if (entries === null) return this.refuse(NOT_THERE)
    const raw = context.path?.raw ?? '/'
    const json = /^application\/json\b/i.test(accept.trim())
    const isTop = withoutSegments(raw, service.strippedSegments) === '/'
    const title = isTop ? service.name : decodeURIComponent(raw)
    this.sendText(200, ['Content-Type', json ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8', 'Cache-Control', 'no-cache', 'Vary', 'Accept', 'X-Content-Type-Options', 'nosniff', 'Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'"], json ? listingJson(entries) : listingPage(title, isTop, entries, context.path?.query ?? ''))
  }

  private sendFile(service: CompiledService, file: FoundFile): void {
    const { context } = this
    const { exchange, head } = context
    const { status, fields, span } = fileHead(file, head.lines.fields)
    this.begun(status)
    exchange.answer(status, STATUS_CODES[status] ?? '', this.changed(fields, service), 'length')
    const bare = head.method === 'HEAD' ? { start: 0, end: 0 } : span
    this.sender = new FileSender(exchange, file.handle, bare, service.config.timeouts.idle, this.wheel, (count) => this.count(count), (reason) => this.onDone(reason))
    this.sender.start()
  }

  private sendText(status: number, fields: readonly string[], text: string): void {
    const { context } = this
    this.begun(status)
    context.exchange.answer(status, STATUS_CODES[status] ?? '', this.changed([...fields, 'Content-Length', String(Buffer.byteLength(text))], context.service), 'length')
    if (context.head.method !== 'HEAD') {
      this.count(Buffer.byteLength(text))
      context.exchange.writeText(text)
    }
    this.turn += 1
    this.owner.onSent()
  }

  private changed(fields: readonly string[], service: CompiledService | null): string[] {
    const rules = service?.answerRules ?? null
    if (rules === null) return [...fields]
    const kept = fields.filter((_, index) => !rules.dropped.has((fields[index - (index % 2)] ?? '').toLowerCase()))
    return [...kept, ...rules.set]
  }

  private begun(status: number): void {
    const { context } = this
    context.status = status
    context.firstByte = performance.now() - context.started
  }

  private count(bytes: number): void {
    const { context } = this
    context.bytesOut += bytes
    if (context.counters !== null) context.counters.bytesOut += bytes
  }

  private refuse(refusal: Refusal): void {
    this.turn += 1
    this.owner.onRefused(refusal)
  }

  private onDone(reason: string | null): void {
    this.sender = null
    this.turn += 1
    if (reason === null) this.owner.onSent()
    else this.owner.onBroken(reason.startsWith('the client') ? 'client' : 'gateway', reason)
  }

  onClientGone(): void {
    this.turn += 1
    if (this.sender !== null) this.sender.stop()
    else this.owner.onBroken('client', 'the client went away')
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
