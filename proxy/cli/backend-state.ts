import type { BackendState } from '../contract/status'
import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { GatewayClient } from './gateway-client'
import { UsageError } from './usage-error'

const WORDS = {
  active: 'takes requests again',
  draining: 'drains: it gets no new requests',
  maintenance: 'is in maintenance',
} as const satisfies Record<BackendState, string>

function stateCommand(state: BackendState, summary: string): Command {
  const cuts = state !== 'active'
  return {
    usage: `SERVICE BACKEND ${cuts ? '[--disconnect] ' : ''}[--data DIR]`,
    summary,
    async run(args) {
      const { values, positionals } = parseCommand(
        args,
        { data: { type: 'string' }, disconnect: { type: 'boolean' } },
        { min: 2, max: 2, what: 'the SERVICE and the BACKEND' },
      )
      const [service = '', backend = ''] = positionals
      const client = GatewayClient.find(dataDirectory(values.data))
      const { running, warning } = await client.call('backend.state', {
        service,
        backend,
        state,
        disconnect: cuts && values.disconnect === true,
        by: 'command line',
      })
      print(`${backend} of ${service} ${WORDS[state]}${cuts ? `; ${await stillRunning(client, service, running)}` : ''}`)
      if (warning !== null) print(`note: ${warning}`)
      return 0
    },
  }
}

async function stillRunning(
  client: GatewayClient,
  id: string,
  { requests, tunnels }: { readonly requests: number; readonly tunnels: number },
): Promise<string> {
  const type = (await client.call('status', {})).services.find((service) => service.id === id)?.type
  if (type === 'tcp' || type === 'udp')
    return `${counted(requests, type === 'tcp' ? 'connection' : 'session')} still ${requests === 1 ? 'runs' : 'run'}`
  return `${counted(requests, 'request')} and ${counted(tunnels, 'WebSocket')} still run`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

export const drain = stateCommand('draining', 'gives a backend no new requests; when nothing runs on it any more it is in maintenance')
export const maintain = stateCommand(
  'maintenance',
  'takes a backend out: no requests, no checks; what runs may end (`--disconnect` cuts it)',
)
export const activate = stateCommand('active', 'gives a backend requests again')

export const swap: Command = {
  usage: 'SERVICE BACKEND NEW-URL | SERVICE BACKEND --undo [--data DIR]',
  summary: 'puts another server in a backend’s place: tests it, gives it the work, drains the old one; --undo takes it back',
  async run(args) {
    const { values, positionals } = parseCommand(
      args,
      { undo: { type: 'boolean' }, data: { type: 'string' } },
      { min: 2, max: 3, what: 'the SERVICE, the BACKEND and the NEW-URL' },
    )
    const [service = '', backend = '', url] = positionals
    const client = GatewayClient.find(dataDirectory(values.data))
    if (values.undo === true) {
      const undone = await client.call('backend.swap.undo', { service, backend, by: 'command line' })
      print(`${undone.backend} of ${service} takes requests again`)
      return 0
    }
    if (url === undefined) throw new UsageError('Give the NEW-URL, or --undo.')
    const swapped = await client.call('backend.swap', { service, backend, url, by: 'command line' })
    print(
      `${swapped.backend} of ${service} has taken the place of ${backend}, which drains. Take it back: astrorelay swap ${service} ${backend} --undo`,
    )
    return 0
  },
}
