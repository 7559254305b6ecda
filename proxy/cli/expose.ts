import { statSync } from 'node:fs'
import path from 'node:path'
import { parseBackendUrl } from '../contract/backend-url'
import { expose as addService, kindOf } from '../contract/expose'
import { CallError } from '../contract/failure'
import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { editConfig } from './edit-config'
import { GatewayClient } from './gateway-client'
import { CommandError, UsageError } from './usage-error'

export const expose: Command = {
  usage: 'URL|FOLDER [--host NAME]… [--port N] [--path PATH] [--name NAME] [--allow FROM]… [--data DIR]',
  summary: 'adds a service to the running gateway and prints where it answers',
  async run(args) {
    const { values, positionals } = parseCommand(
      args,
      {
        host: { type: 'string', multiple: true },
        port: { type: 'string' },
        path: { type: 'string' },
        name: { type: 'string' },
        allow: { type: 'string', multiple: true },
        data: { type: 'string' },
      },
      { min: 1, max: 1, what: 'the URL or FOLDER to expose, such as http://localhost:3000, tcp://192.168.1.50:3389 or /srv/manuals' },
    )
    const given = positionals[0] ?? ''
    const url = isFolder(given) ? path.resolve(given) : given
    const problem = kindOf(url) === 'files' ? null : parseBackendUrl(url)
    if (typeof problem === 'string' && /^[.~]|[\\/]/.test(given) && !given.includes('://'))
      throw new CommandError(`${given}: there is no such folder.`)
    if (typeof problem === 'string') throw new UsageError(`${url}: ${problem}.`)
    const port = portOf(values.port) ?? ownPort(url)
    const client = GatewayClient.find(dataDirectory(values.data))
    if (port !== undefined) await requirePort(client, port, kindOf(url) === 'udp' ? 'udp' : 'tcp')
    if (kindOf(url) === 'files') await requireFolder(client, url)
    const id = await save(client, { url, name: values.name, hosts: values.host, path: values.path, port, allow: values.allow ?? [] })
    const { services, listeners } = await client.call('status', {})
    const service = services.find((candidate) => candidate.id === id)
    const where = service?.addresses[0]
    // A name that is a wildcard has no address of its own to be opened at.
    print(where === undefined ? `${service?.name ?? id} is added; see astrorelay status` : `${service?.name ?? id} answers at ${where}`)
    for (const { id: listener, reason, state } of listeners)
      if (state === 'failed') print(`listener ${listener} is not open: ${reason ?? 'the reason is not known'}`)
    if (!values.allow)
      print('Anyone who reaches this machine may open it. Limit that in the console, under Access; next time with --allow this-network.')
    return 0
  },
}

async function save(client: GatewayClient, request: Parameters<typeof addService>[1]): Promise<string> {
  try {
    const { result } = await editConfig(client, (document) => {
      const added = addService(document, request)
      return { document: added.document, result: added.service.id }
    })
    return result
  } catch (error) {
    if (error instanceof CallError && error.issues.some(({ path }) => path.endsWith(']') && path.includes('.hosts'))) throw withHint(error)
    throw error
  }
}

function withHint(error: CallError): CallError {
  const issues = error.issues.map((issue) => ({ ...issue, message: `${issue.message} (--host NAME, --path PATH, --port N)` }))
  return new CallError(error.code, error.message, { issues })
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new UsageError('--port: choose a port from 1 to 65535.')
  return port
}

/** A folder that is not there cannot be hosted; one that gives away much is told of. */
async function requireFolder(client: GatewayClient, folder: string): Promise<void> {
  const { verdict, text } = await client.call('folder.test', { folder })
  if (verdict === 'missing' || verdict === 'not-valid') throw new CommandError(`${folder}: ${text}`)
  if (verdict === 'risky') print(`note: ${text}`)
}

/** A folder is named as one, or is there. */
function isFolder(text: string): boolean {
  return !/^[a-z]+:\/\//i.test(text) && (statSync(text, { throwIfNoEntry: false })?.isDirectory() ?? false)
}

/** A port of a machine has no name to be told by: without --port the gateway takes the same one. */
function ownPort(url: string): number | undefined {
  const parsed = kindOf(url) === 'files' ? '' : parseBackendUrl(url)
  return typeof parsed !== 'string' && (parsed.scheme === 'tcp' || parsed.scheme === 'udp') ? parsed.port : undefined
}

/** A port that another program has would leave the new service unreachable, so it is asked for before anything is saved. */
async function requirePort(client: GatewayClient, port: number, transport: 'tcp' | 'udp'): Promise<void> {
  const verdict = await client.call('port.test', { port, transport })
  if (verdict.free || verdict.own) return
  throw new CommandError(
    `${verdict.reason ?? `Port ${port} cannot be used.`}${verdict.suggestion === null ? '' : ` Port ${verdict.suggestion} is free: --port ${verdict.suggestion}`}`,
  )
}
