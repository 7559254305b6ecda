import { elapsed } from '../../contract/clock'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Handlers } from '../../contract/api'
import type { ControlApi } from '../../contract/control-api'
import { CallError, toFailure } from '../../contract/failure'
import { API_BASE } from '../../contract/http-form'
import type { EventHub } from '../event-hub'
import { errorCode } from '../store/system-words'
import { Guesses } from './guesses'
import { answerFailure, answerJson, readJson, refuseMethod } from './answer'
import { serveApi } from './api-server'
import { limitCrowd } from './crowd'
import { EventStream } from './event-stream'
import { refuse } from './guard'
import { loopbackAddress } from './loopback'
import type { Sessions } from './sessions'
import { createStaticFiles } from './static-files'

const SIGN_IN_BODY = 4_096
/** Ports tried above the wished-for one, where the person named none. */
const REACH = 50

export interface ConsoleOptions {
  readonly host: string
  readonly port: number
  /** Whether a person chose the port, so that another one would surprise. */
  readonly named: boolean
  readonly rendererDirectory: string
  readonly sessions: Sessions
  readonly hub: EventHub
  readonly handlers: Handlers<ControlApi>
  readonly log: (line: string) => void
}

const signInSchema = z.object({ token: z.string().max(200) })

/** The console: the interface and the automation API on this machine alone. */
export class ConsoleServer {
  readonly #server: Server
  readonly #events: EventStream
  readonly #guesses = new Guesses(elapsed)
  readonly #files: ReturnType<typeof createStaticFiles>
  #origin = ''

  constructor(private readonly options: ConsoleOptions) {
    this.#events = new EventStream(options.hub, () => options.sessions.endOld())
    this.#files = createStaticFiles(options.rendererDirectory)
    this.#server = createServer({ requestTimeout: 60_000, headersTimeout: 10_000 }, (request, response) => {
      this.#handle(request, response).catch((error: unknown) => this.#fail(response, error))
    })
    limitCrowd(this.#server)
  }

  get origin(): string {
    return this.#origin
  }

  get port(): number {
    return Number(new URL(this.#origin).port || '80')
  }

  /** Listens. Rejects with an Error for people where the address is not this machine's own, or the named port is taken. */
  async start(): Promise<void> {
    const { host, port, named } = this.options
    const address = loopbackAddress(host)
    if (address === null)
      throw new Error(
        `The console stays on this machine: ${host} is not a loopback address. Use 127.0.0.1, and reach it from elsewhere through an SSH tunnel.`,
      )
    const last = named || port === 0 ? port : Math.min(port + REACH, 65_535)
    for (let candidate = port; ; candidate++) {
      const code = await this.#listen(address, candidate)
      if (code === null) break
      if (code !== 'EADDRINUSE' || candidate >= last) {
        throw new Error(
          code === 'EADDRINUSE'
            ? `The console cannot use port ${candidate}: it is in use by another program. Choose another with --console ${host}:PORT.`
            : `The console cannot listen on ${host}:${candidate} (${code}).`,
        )
      }
    }
    const bound = this.#server.address()
    const number = typeof bound === 'object' && bound ? bound.port : port
    this.#origin = `http://${address.includes(':') ? `[${address}]` : address}:${number}`
  }

  /** A link that signs in a browser, once, within the next five minutes; `origin`: as it reaches the console, through a tunnel perhaps. */
  signInLink(origin = this.#origin): string {
    return `${origin}/#token=${this.options.sessions.createLinkToken()}`
  }

  async stop(): Promise<void> {
    this.#events.stop()
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  #listen(host: string, port: number): Promise<string | null> {
    return new Promise((resolve) => {
      const failed = (error: Error): void => resolve(errorCode(error) ?? error.message)
      this.#server.once('error', failed)
      this.#server.listen({ host, port, exclusive: true }, () => {
        this.#server.off('error', failed)
        // Too many open files cost a connection to the console, not the host.
        this.#server.on('error', (error) => this.options.log(`console: ${error.message}`))
        resolve(null)
      })
    })
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refuse(request)
    if (refusal) return answerFailure(response, refusal)
    const target = request.url ?? '/'
    const cut = target.indexOf('?')
    const path = cut === -1 ? target : target.slice(0, cut)
    if (path === API_BASE || path.startsWith(`${API_BASE}/`))
      return this.#api(request, response, {
        path: path.slice(API_BASE.length),
        query: new URLSearchParams(cut === -1 ? '' : target.slice(cut)),
      })
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(response, 'GET, HEAD')
    this.#files(path, request.method === 'HEAD', response)
  }

  async #api(
    request: IncomingMessage,
    response: ServerResponse,
    url: { readonly path: string; readonly query: URLSearchParams },
  ): Promise<void> {
    const { sessions, handlers } = this.options
    if (url.path === '/session') return request.method === 'POST' ? this.#signIn(request, response) : refuseMethod(response, 'POST')
    if (!sessions.admits(request.headers.authorization)) {
      return this.#refuse(response, 'Sign in with a fresh link (astrorelay link), or send the token as “Authorization: Bearer …”.')
    }
    if (url.path === '/session/link')
      return request.method === 'POST'
        ? answerJson(response, 200, { link: this.signInLink(`http://${request.headers.host ?? ''}`) })
        : refuseMethod(response, 'POST')
    if (url.path === '/events')
      return request.method === 'GET'
        ? this.#events.add(response, (end) => sessions.onEnd(request.headers.authorization, end))
        : refuseMethod(response, 'GET')
    await serveApi(request, response, url, handlers)
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A page of another site can send a form as text/plain without asking first, but no JSON.
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new CallError('AR_BAD_REQUEST', 'Send JSON.')
    const given = signInSchema.safeParse(await readJson(request, SIGN_IN_BODY))
    const key = given.success ? this.options.sessions.signIn(given.data.token, request.headers['user-agent']) : null
    if (key !== null) return answerJson(response, 200, { key })
    this.#refuse(response, 'This link was already used or is too old. Make a fresh one with: astrorelay link')
  }

  /** Guessing a secret of 256 bits is hopeless as it is; the limit keeps a guesser from filling the processor. */
  #refuse(response: ServerResponse, message: string): void {
    const wait = this.#guesses.add()
    if (wait === 0) return answerFailure(response, { code: 'AR_UNAUTHORIZED', message }, { 'www-authenticate': 'Bearer' })
    answerFailure(
      response,
      { code: 'AR_RATE_LIMITED', message: `Too many wrong tokens and links. ${message}` },
      { 'retry-after': String(wait), connection: 'close' },
    )
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (!(error instanceof CallError))
      this.options.log(`console: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    if (response.headersSent) response.destroy()
    else
      answerFailure(
        response,
        toFailure(error),
        error instanceof CallError && error.code === 'AR_BODY_TOO_LARGE' ? { connection: 'close' } : {},
      )
  }
}
