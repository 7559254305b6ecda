import { parseBackendUrl } from '../contract/backend-url'
import type { ServiceLockdown } from '../contract/lockdown-api'
import { gatewayFor, lockdownTexts } from '../contract/lockdown-text'
import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'
import { CommandError, UsageError } from './usage-error'

export const lock: Command = {
  usage: 'SERVICE [--method secret|proxy|network] [--for nginx|apache|caddy|…] [--data DIR]',
  summary: 'makes a service’s backends answer the gateway only: prints the secret, once, and the text to set up on the backend',
  async run(args) {
    const { values, positionals } = parseCommand(args, { method: { type: 'string' }, for: { type: 'string' }, data: { type: 'string' } }, { min: 1, max: 1, what: 'the SERVICE to lock down' })
    const service = positionals[0] ?? ''
    const { method = 'secret' } = values
    if (method !== 'secret' && method !== 'proxy' && method !== 'network') throw new UsageError('--method: use secret, proxy or network.')
    const client = GatewayClient.find(dataDirectory(values.data))
    const { secret } = await client.call('lockdown.set', { service, method, version: 'v2', by: 'command line' })
    if (secret !== null) print(`${secret.header}: ${secret.value}\nThis is shown once. Set it up on the backends, then: astrorelay verify ${service}`)
    await printTexts(client, service, method, secret === null ? [] : [secret.value], values.for)
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
  usage: 'SERVICE [--finish [--force] | --keep] [--data DIR]',
  summary: 'makes a new secret and prints it, once; --finish takes it into use when every backend accepts it, --keep forgets it',
  async run(args) {
    const { values, positionals } = parseCommand(args, { finish: { type: 'boolean' }, keep: { type: 'boolean' }, force: { type: 'boolean' }, data: { type: 'string' } }, { min: 1, max: 1, what: 'the SERVICE' })
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
    const { secret } = await client.call('lockdown.rotate', { service, by: 'command line' })
    print(`${secret.header}: ${secret.value}\nThis is shown once. Have the backends accept it beside the old one, then: astrorelay rotate ${service} --finish`)
    return 0
  },
}

export const verify: Command = {
  usage: 'SERVICE [BACKEND] [--json] [--data DIR]',
  summary: 'tries to get past the gateway to the backends and says what was proven (exit 0: every backend is locked, 1: not)',
  async run(args) {
    const { values, positionals } = parseCommand(args, { json: { type: 'boolean' }, data: { type: 'string' } }, { min: 1, max: 2, what: 'the SERVICE and, if wished, the BACKEND' })
    const [service = '', backend] = positionals
    const { backends } = await GatewayClient.find(dataDirectory(values.data)).call('lockdown.verify', { service, ...(backend === undefined ? {} : { backend }) })
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

async function printTexts(client: GatewayClient, id: string, method: 'secret' | 'proxy' | 'network', secrets: readonly string[], wanted: string | undefined): Promise<void> {
  const { gateway, services } = await client.call('lockdown', {})
  const service = services.find((one) => one.id === id)
  if (service === undefined) return
  for (const backend of service.backends) printOne(service, backend, { method, secrets, gateway, wanted })
}

interface Asked {
  readonly method: 'secret' | 'proxy' | 'network'
  readonly secrets: readonly string[]
  readonly gateway: readonly string[]
  readonly wanted: string | undefined
}

function printOne(service: ServiceLockdown, backend: ServiceLockdown['backends'][number], { method, secrets, gateway, wanted }: Asked): void {
  const url = parseBackendUrl(backend.url)
  if (typeof url === 'string') return
  const texts = lockdownTexts({ method, gateway: gatewayFor(url.host, gateway), host: url.host, port: url.port, header: service.header ?? '', secrets })
  if (wanted === undefined) return print(`On ${backend.id} (${url.host}:${url.port}) there is text for: ${texts.map(({ id }) => id).join(', ')}. See it with --for, or on the Lock-down screen.`)
  const text = texts.find(({ id }) => id === wanted)
  if (text === undefined) throw new CommandError(`--for: there is no text for “${wanted}”; there is for ${texts.map(({ id }) => id).join(', ')}. The service is locked down all the same.`)
  print(`\n# ${backend.id}: ${text.where}\n${text.text}`)
}
