import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { ParamsOf, ResultOf } from '../contract/api'
import { controlApi, type ControlApi, type ControlCallName } from '../contract/control-api'
import { API_BASE, fromHttpAnswer, type HttpAnswer, type HttpRequest, toHttpRequest } from '../contract/http-form'
import { parseJson } from '../contract/json'
import { parseResult } from '../contract/result'
import { CONSOLE_FILE, consoleFileSchema } from '../host/console/console-file'
import { TOKEN_FILE } from '../host/console/token-file'
import { dataDirectoryOwner } from '../host/data-lock'
import { CommandError, HostGoneError, HostSilentError } from './usage-error'

/** A host that turns says in far less that we have not signed in. */
const KNOCK_MS = 5_000

const NOT_RUNNING = 'AstroRelay is not running here. Start it with `astrorelay serve` or `npm start`.'

/** The gateway that runs with a data directory, over the console's HTTP. */
export class GatewayClient {
  #answers = false

  private constructor(
    private readonly dataDirectory: string,
    private readonly origin: string,
    private readonly token: string,
    private readonly owner: number,
  ) {}

  /** Finds it. Throws a HostGoneError that says what to do where none runs, or none that can be asked. */
  static find(dataDirectory: string): GatewayClient {
    const where = consoleFileSchema.safeParse(readJson(path.join(dataDirectory, CONSOLE_FILE)))
    const owner = dataDirectoryOwner(dataDirectory)
    if (owner === null) throw new HostGoneError(NOT_RUNNING)
    if (!where.success || where.data.pid !== owner)
      throw new HostGoneError(
        `AstroRelay runs here (pid ${owner}) without its console, which this command needs. Start it without --no-console.`,
      )
    return new GatewayClient(dataDirectory, where.data.origin, readText(path.join(dataDirectory, TOKEN_FILE)), owner)
  }

  /** Makes a call; what is refused is thrown as CallError. */
  async call<Name extends ControlCallName>(name: Name, params: ParamsOf<ControlApi, Name>): Promise<ResultOf<ControlApi, Name>> {
    const answer = await this.#send(toHttpRequest(name, params))
    return parseResult(controlApi, name, fromHttpAnswer(name, answer))
  }

  /** A fresh link that signs in a browser once. */
  async signInLink(): Promise<string> {
    const { status, text } = await this.#send({ method: 'POST', target: `${API_BASE}/session/link`, headers: {}, body: null })
    if (status !== 200) throw new CommandError(`The gateway gave no link (it answered ${status}).`)
    return z.object({ link: z.string() }).parse(parseJson(text)).link
  }

  /** Some calls take their time; whether anybody is there at all shows at once. Throws a HostSilentError where nobody answers. */
  async #knock(): Promise<void> {
    if (this.#answers) return
    try {
      await settled(fetch(`${this.origin}${API_BASE}/info`, { signal: AbortSignal.timeout(KNOCK_MS) }))
      this.#answers = true
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError')
        throw new HostSilentError(
          `AstroRelay (pid ${this.owner}) does not answer. What it serves goes on; \`astrorelay close\` closes it all the same, \`astrorelay serve --replace\` takes it over.`,
        )
      throw this.#refusedOrCut()
    }
  }

  /** It has just ended, or is there and has nothing left to take a connection with. */
  #refusedOrCut(): HostGoneError {
    const isThere = dataDirectoryOwner(this.dataDirectory) === this.owner
    return new HostGoneError(
      isThere ? `AstroRelay (pid ${this.owner}) takes no connection on its console at this moment. Try again shortly.` : NOT_RUNNING,
    )
  }

  async #send({ target, method, headers, body }: HttpRequest): Promise<HttpAnswer> {
    await this.#knock()
    try {
      const response = await settled(
        fetch(`${this.origin}${target}`, { method, headers: { authorization: `Bearer ${this.token}`, ...headers }, body }),
      )
      return { status: response.status, etag: response.headers.get('etag'), text: await settled(response.text()) }
    } catch {
      throw this.#refusedOrCut()
    }
  }
}

/**
 * An outcome of `fetch`, which in Node 20 never comes where the connection is reset as it is made, as by a host without
 * descriptors: nothing is left to wait for then, and the program would end without a word (exit code 13).
 */
async function settled<Outcome>(outcome: Promise<Outcome>): Promise<Outcome> {
  const done = new AbortController()
  const nothingLeft = once(process, 'beforeExit', { signal: done.signal }).then(() => {
    throw new Error('the connection was reset')
  })
  nothingLeft.catch(() => undefined) // told by the race, or of no interest once the outcome is there
  return Promise.race([outcome, nothingLeft]).finally(() => done.abort())
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return '' // not there: the schema, or the gateway, refuses the empty text
  }
}

function readJson(file: string): unknown {
  try {
    return parseJson(readText(file))
  } catch {
    return null // half-written or not there: no console
  }
}
