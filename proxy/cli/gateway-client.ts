import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { ParamsOf, ResultOf } from '../contract/api'
import { controlApi, type ControlApi, type ControlCallName, errorAnswerSchema, type HttpForm } from '../contract/control-api'
import { errorCodeSchema } from '../contract/errors'
import { CallError } from '../contract/failure'
import { issueSchema } from '../contract/issue'
import { CONSOLE_FILE, consoleFileSchema } from '../host/console/console-file'
import { TOKEN_FILE } from '../host/console/token-file'
import { dataDirectoryOwner } from '../host/data-lock'
import { CommandError } from './usage-error'

const NOT_RUNNING = 'AstroRelay is not running here. Start it with `astrorelay serve` or `npm start`.'

/** The gateway that runs with a data directory, over the console's HTTP. */
export class GatewayClient {
  private constructor(
    private readonly origin: string,
    private readonly token: string,
  ) {}

  /** Finds it. Throws a CommandError that says what to do where none runs. */
  static find(dataDirectory: string): GatewayClient {
    const where = consoleFileSchema.safeParse(readJson(path.join(dataDirectory, CONSOLE_FILE)))
    const owner = dataDirectoryOwner(dataDirectory)
    if (owner === null) throw new CommandError(NOT_RUNNING)
    if (!where.success || where.data.pid !== owner) throw new CommandError(`AstroRelay runs here (pid ${owner}) without its console, which this command needs. Start it without --no-console.`)
    return new GatewayClient(where.data.origin, readText(path.join(dataDirectory, TOKEN_FILE)))
  }

  /** Makes a call; what is refused is thrown as CallError. */
  async call<Name extends ControlCallName>(name: Name, params: ParamsOf<ControlApi, Name>): Promise<ResultOf<ControlApi, Name>> {
    const form: HttpForm = controlApi[name].http
    const { path, condition, query, body } = placed(form, new Map(Object.entries(params)))
    const response = await this.#fetch(form.method, `${path}?${query.toString()}`, body, condition === undefined ? {} : { 'if-match': `"${condition}"` })
    const answer: unknown = form.text === undefined ? await response.json() : await response.text()
    const etag = response.headers.get('etag')?.replace(/^"(.*)"$/, '$1')
    const whole = form.answer === undefined ? answer : { [form.answer]: answer, ...(form.etag === undefined ? {} : { [form.etag]: etag }) }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what this call's own result schema gives out
    return controlApi[name].result.parse(whole) as ResultOf<ControlApi, Name>
  }

  /** A fresh link that signs in a browser once. */
  async signInLink(): Promise<string> {
    const response = await this.#fetch('POST', '/session/link', {}, {})
    return z.object({ link: z.string() }).parse(await response.json()).link
  }

  async #fetch(method: string, target: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Response> {
    let response: Response
    try {
      response = await fetch(`${this.origin}/api/v1${target}`, {
        method,
        headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch {
      throw new CommandError(NOT_RUNNING) // refused or cut: it has just ended
    }
    if (response.ok) return response
    throw refusal(await response.json())
  }
}

/** A call's parameters at their places in the HTTP form. */
function placed(form: HttpForm, params: Map<string, unknown>) {
  const take = (key: string): unknown => {
    const value = params.get(key)
    params.delete(key)
    return value
  }
  const path = form.path.replace(/\{(\w+)\}/g, (_all, key: string) => encodeURIComponent(plain(take(key))))
  const condition = form.ifMatch === undefined ? undefined : take(form.ifMatch)
  const whole = form.body === undefined ? undefined : take(form.body)
  const inQuery = form.method === 'GET' || form.body !== undefined
  const query = new URLSearchParams()
  if (inQuery) for (const [key, value] of params) if (value !== undefined) query.set(key, plain(value))
  const body = form.method === 'GET' ? undefined : (whole ?? Object.fromEntries(params))
  return { path, query, body, condition: condition === undefined ? undefined : plain(condition) }
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function refusal(answer: unknown): CallError {
  const issues = z.array(issueSchema).safeParse(answer)
  if (issues.success) return new CallError('AR_INVALID', 'That is not valid. Nothing was changed.', { issues: issues.data })
  const { error } = errorAnswerSchema.parse(answer)
  return new CallError(errorCodeSchema.safeParse(error.code).data ?? 'AR_INTERNAL', error.message, error.revision === undefined ? {} : { revision: error.revision })
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
    return JSON.parse(readText(file))
  } catch {
    return null // half-written or not there: no console
  }
}
