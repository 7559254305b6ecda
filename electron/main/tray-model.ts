import type { Tick } from '../../proxy/contract/events'
import type { ServiceState, ServiceStatus, Status } from '../../proxy/contract/status'

/** Round satellite, triangle, square with a cross, pause bars: the state is told by shape, then by colour. */
export type TrayShape = 'ok' | 'warn' | 'down' | 'stopped'

export interface TrayService {
  readonly id: string
  readonly label: string
  readonly address: string | null
}

/** All that the tray shows, so that it is redrawn only when this has changed. */
export interface TrayModel {
  readonly shape: TrayShape
  readonly tooltip: string
  readonly services: readonly TrayService[]
  /** "2 of 7 services are down". */
  readonly summary: string
  /** "Gateway running". */
  readonly gateway: string
  /** Whether the gateway runs, so that it can be stopped. */
  readonly running: boolean
  /** Services of which it is told how much they still have to do. */
  readonly draining: readonly string[]
}

const WORDS = { down: 'Down', attention: 'Needs attention', checking: 'Checking', online: 'Online', off: 'Off' } as const satisfies Record<
  ServiceState,
  string
>
const WORST_FIRST: readonly ServiceState[] = ['down', 'attention']

/** Whether a second has moved something that the tray shows: of numbers, it shows only what is left of a drain. */
export function tellsTray({ verdicts, backends }: Tick, shown: TrayModel | null): boolean {
  return verdicts !== undefined || (backends?.some(({ service }) => shown?.draining.includes(service)) ?? false)
}

/** What the tray says about a status. */
export function trayModel(status: Status): TrayModel {
  const { state } = status.engine
  const running = state === 'running' || state === 'restarting' || state === 'starting'
  const summary = running
    ? summarise(status)
    : ({
        shape: state === 'failed' ? 'down' : 'stopped',
        text: state === 'failed' ? 'The gateway failed' : 'The gateway is stopped',
      } as const)
  return {
    shape: state === 'restarting' && summary.shape === 'ok' ? 'warn' : summary.shape,
    tooltip: running && state !== 'running' ? `AstroRelay: the gateway is ${state}` : `AstroRelay: ${lowerFirst(summary.text)}`,
    summary: summary.text,
    gateway: `Gateway ${state}`,
    running,
    draining: status.services.filter(({ backends }) => backends.some(({ state: own }) => own === 'draining')).map(({ id }) => id),
    services: status.services
      .toSorted((a, b) => urgency(a) - urgency(b))
      .map((service) => ({
        id: service.id,
        label: `${service.name} · ${wordsOf(service)}`,
        address: service.addresses[0] ?? null,
      })),
  }
}

function summarise({ services, listeners }: Status): { shape: TrayShape; text: string } {
  const on = services.filter((service) => service.state !== 'off')
  const down = on.filter((service) => service.state === 'down').length
  const attention = on.filter((service) => service.state === 'attention').length
  const failed = listeners.filter((listener) => listener.state === 'failed')
  if (down > 0) return { shape: 'down', text: `${partOf(down, on.length)} ${down === 1 ? 'is' : 'are'} down` }
  if (failed.length > 0)
    return {
      shape: failed.length === listeners.length ? 'down' : 'warn',
      text: failed[0]?.reason ? upperFirst(failed[0].reason) : 'A port could not be opened',
    }
  if (attention > 0) return { shape: 'warn', text: `${partOf(attention, on.length)} ${attention === 1 ? 'needs' : 'need'} attention` }
  if (on.length === 0) return { shape: 'ok', text: services.length === 0 ? 'No services yet' : 'Every service is off' }
  const online = on.filter((service) => service.state === 'online').length
  if (online < on.length)
    return { shape: 'ok', text: `${partOf(on.length - online, on.length)} ${on.length - online === 1 ? 'is' : 'are'} being checked` }
  return { shape: 'ok', text: on.length === 1 ? 'The one service is online' : `All ${on.length} services are online` }
}

/** What somebody took out on purpose, or what a backup saves, is told as such (DESIGN §5). */
function wordsOf({ state, onBackup, maintenance, backends }: ServiceStatus): string {
  if (state === 'down' || state === 'off') return WORDS[state]
  if (maintenance) return 'Maintenance'
  if (onBackup) return 'On backup'
  if (backends.length === 0 || backends.some(({ role, state: own }) => role === 'primary' && own === 'active')) return WORDS[state]
  const draining = backends.filter(({ state: own }) => own === 'draining')
  return draining.length === 0 ? 'Maintenance' : `Draining, ${draining.reduce((sum, { inFlight }) => sum + inFlight, 0)} left`
}

function urgency({ state }: ServiceStatus): number {
  const place = WORST_FIRST.indexOf(state)
  return place < 0 ? WORST_FIRST.length : place
}

function partOf(some: number, all: number): string {
  return all === 1 ? 'The one service' : `${some} of ${all} services`
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
