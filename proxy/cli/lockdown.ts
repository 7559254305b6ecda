import { parseBackendUrl } from '../contract/backend-url'
import type { ServiceLockdown } from '../contract/lockdown-api'
import { SECRET_HEADER } from '../contract/config/lockdown'
import { gatewayFor, lockdownTexts } from '../contract/lockdown-text'
import type { LockdownText } from '../contract/lockdown-text/facts'
import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'
import { CommandError, UsageError } from './usage-error'

export const lock: Command = {
  usage: 'SERVICE [--method secret|proxy|network] [--for nginx|apache|caddy|…] [--data DIR]',
  summary: 'makes a service’s backends answer the gateway only: prints the secret, once, and the text to set up on the backend',
  async run(args) {
    const { values, positionals } = parseCommand(
      args,
      { method: { type: 'string' }, for: { type: 'string' }, data: { type: 'string' } },
      { min: 1, max: 1, what: 'the SERVICE to lock down' },
    )
    const service = positionals[0] ?? ''
    const { method = 'secret' } = values
    if (method !== 'secret' && method !== 'proxy' && method !== 'network') throw new UsageError('--method: use secret, proxy or network.')
    const client = GatewayClient.find(dataDirectory(values.data))
    const known = await overviewOf(client, service)
    requireText(known, method, values.for)
    if (known.service?.methods.includes(method) === true) {
      print(
        `${service} is locked down so already.${method === 'secret' ? ` The secret was shown once; ${PLACEHOLDER} stands for it. For a new one: astrorelay rotate ${service}` : ''}`,
      )
      printTexts(known, method, [PLACEHOLDER], values.for)
      return 0
    }
    const { secret } = await client.call('lockdown.set', { service, method, version: 'v2', by: 'command line' })
    if (secret !== null)
      print(`${secret.header}: ${secret.value}\nThis is shown once. Set it up on the backends, then: astrorelay verify ${service}`)
    else
      print(
        method === 'proxy'
          ? `Every connection to the backends of ${service} begins with a PROXY header from now on: set it up there at once, then: astrorelay verify ${service}`
          : `Noted. Set the rules up on the backends, then: astrorelay verify ${service}`,
      )
    printTexts(known, method, secret === null ? [] : [secret.value], values.for)
    return 0
  },
}

export const unlock: Command = {
  usage: 'SERVICE [--data DIR]',
  summary: 'removes a service’s lock-down; take it off the backends first, or they refuse the gateway',
  async run(args) {
    const { values, positionals } = parseCommand(args, { data: { type: 'string' } }, { min: 1, max: 1, what: 'the SERVICE' })
    await GatewayClient.find(dataDirectory(values.data)).call('lockdown.end', { service: positionals[0] ?? '', by: 'command line' })
    print(`${positionals[0] ?? ''} is no longer locked down`)
    return 0
  },
}

export const rotate: Command = {
  usage: 'SERVICE [--for nginx|…] [--finish [--force] | --keep] [--data DIR]',
  summary: 'makes a new secret and prints it, once; --finish takes it into use when every backend accepts it, --keep forgets it',
  async run(args) {
    const { values, positionals } = parseCommand(
      args,
      {
        for: { type: 'string' },
        finish: { type: 'boolean' },
        keep: { type: 'boolean' },
        force: { type: 'boolean' },
        data: { type: 'string' },
      },
      { min: 1, max: 1, what: 'the SERVICE' },
    )
    const service = positionals[0] ?? ''
    const client = GatewayClient.find(dataDirectory(values.data))
    if (values.keep === true) {
      await client.call('lockdown.keep', { service, by: 'command line' })
      print(`${service} keeps its secret; the new one is forgotten`)
      return 0
    }
    if (values.finish === true) {
      await client.call('lockdown.finish', { service, force: values.force === true, by: 'command line' })
      print(`${service} uses its new secret; the old one can be taken off the backends`)
      return 0
    }
    const known = await overviewOf(client, service)
    requireText(known, 'secret', values.for)
    const { secret, replaced } = await client.call('lockdown.rotate', { service, by: 'command line' })
    print(
      `${secret.header}: ${secret.value}\nThis is shown once. Have the backends accept it beside the old one, then: astrorelay rotate ${service} --finish`,
    )
    if (replaced) print('The new secret that was made before is void.')
    if (values.for !== undefined) print(`Leave the old secret's line as it stands on the backend; ${PLACEHOLDER} holds its place here.`)
    printTexts(known, 'secret', [PLACEHOLDER, secret.value], values.for)
    return 0
  },
}

export const verify: Command = {
  usage: 'SERVICE [BACKEND] [--json] [--data DIR]',
  summary: 'tries to get past the gateway to the backends and says what was proven (exit 0: every backend is locked, 1: not)',
  async run(args) {
    const { values, positionals } = parseCommand(
      args,
      { json: { type: 'boolean' }, data: { type: 'string' } },
      { min: 1, max: 2, what: 'the SERVICE and, if wished, the BACKEND' },
    )
    const [service = '', backend] = positionals
    const { backends } = await GatewayClient.find(dataDirectory(values.data)).call('lockdown.verify', {
      service,
      ...(backend === undefined ? {} : { backend }),
    })
    if (values.json) print(JSON.stringify(backends, null, 2))
    else {
      for (const { backend: id, proof } of backends) {
        print(`${id}: ${proof.state}. ${proof.text}`)
        for (const { name, outcome, fits } of proof.attempts) print(`  ${fits ? 'good' : 'bad '}  ${name}: ${outcome}`)
      }
    }
    return backends.every(({ proof }) => proof.state === 'locked') ? 0 : 1
  },
}

/** Stands in a text where a secret that was shown once belongs. */
const PLACEHOLDER = 'PUT-THE-SECRET-HERE'

type Method = 'secret' | 'proxy' | 'network'

interface Known {
  readonly gateway: readonly string[]
  readonly service: ServiceLockdown | undefined
}

async function overviewOf(client: GatewayClient, id: string): Promise<Known> {
  const { gateway, services } = await client.call('lockdown', {})
  return { gateway, service: services.find((one) => one.id === id) }
}

/** Says which texts there are before anything is changed. */
function requireText(known: Known, method: Method, wanted: string | undefined): void {
  const [backend] = known.service?.backends ?? []
  if (wanted === undefined || known.service === undefined || backend === undefined) return
  const names = textsFor(known, known.service, backend.url, method, [PLACEHOLDER]).map(({ id }) => id)
  if (!names.includes(wanted))
    throw new CommandError(`--for: there is no text for “${wanted}”; there is for ${names.join(', ')}. Nothing was changed.`)
}

function printTexts(known: Known, method: Method, secrets: readonly string[], wanted: string | undefined): void {
  for (const backend of known.service?.backends ?? []) {
    if (known.service === undefined) return
    const texts = textsFor(known, known.service, backend.url, method, secrets)
    const text = texts.find(({ id }) => id === wanted)
    if (text === undefined)
      print(
        `For ${backend.id} (${backend.url}) there is text for: ${texts.map(({ id }) => id).join(', ')}. See it with --for, or on the Lock-down screen.`,
      )
    else print(`\n# ${backend.id}: ${text.where}\n${text.text}`)
  }
}

function textsFor(
  { gateway }: Known,
  service: ServiceLockdown,
  backend: string,
  method: Method,
  secrets: readonly string[],
): readonly LockdownText[] {
  const url = parseBackendUrl(backend)
  if (typeof url === 'string') return []
  return lockdownTexts({
    method,
    gateway: gatewayFor(url.host, gateway),
    host: url.host,
    port: url.port,
    transport: url.scheme === 'udp' ? 'udp' : 'tcp',
    header: service.header ?? SECRET_HEADER,
    secrets,
  })
}
