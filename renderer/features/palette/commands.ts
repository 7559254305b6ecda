import {
  Activity,
  Copy,
  DoorClosed,
  DoorOpen,
  ExternalLink,
  FolderOpen,
  Layers2,
  LockKeyhole,
  MonitorUp,
  Moon,
  PanelsTopLeft,
  Pencil,
  Play,
  Plus,
  Power,
  PowerOff,
  Radar,
  RotateCw,
  Settings2,
  ShieldCheck,
  Sun,
  SunMoon,
  type LucideIcon,
} from 'lucide-react'
import { parseBackendUrl } from '../../../proxy/contract/backend-url'
import { isWebAddress } from '../../../proxy/contract/web-address'
import type { Service } from '../../../proxy/contract/config/service'
import type { Theme } from '../../../proxy/contract/shell-api'
import type { EngineState } from '../../../proxy/contract/status'
import type { Route } from '../../state/route'

/** One line of the palette. */
export interface Command {
  readonly id: string
  readonly text: string
  readonly detail?: string
  readonly icon: LucideIcon
  run(): void
}

export interface CommandGroup {
  readonly title: string
  readonly commands: readonly Command[]
}

/** What the commands are made of and act with. */
export interface CommandWorld {
  readonly services: readonly Service[]
  addressOf(id: string): string | null
  readonly engine: EngineState['state'] | null
  go(route: Route): void
  copy(id: string): void
  open(address: string): void
  setEnabled(id: string, enabled: boolean): void
  gateway(action: 'start' | 'restart'): void
  theme(theme: Theme): void
  /** Whether everything is closed. */
  readonly closed: boolean
  /** Asks first where it closes. */
  setClosed(closed: boolean): void
}

const SERVICES_SHOWN = 6
/** Before anything is typed, so that places and commands are in sight. */
const SERVICES_AT_FIRST = 4

/** What fits the typed text: services by name or address, what can be done to the best of them, places, commands. */
export function findCommands(query: string, world: CommandWorld): readonly CommandGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (...texts: readonly (string | null | undefined)[]): boolean =>
    words.every((word) => texts.some((text) => text?.toLowerCase().includes(word)))
  const services = rank(
    world.services.filter((service) =>
      fits(service.name, service.id, ...service.hosts, world.addressOf(service.id), ...service.backends.map(({ url }) => url)),
    ),
    words[0] ?? '',
  )
  const best = words.length > 0 ? services[0] : undefined
  const others = world.services
    .flatMap((service) => [...actionsOn(service, world), ...lockDown(service, world)])
    .filter(({ text }) => words.length > 0 && fits(text))
  const groups: readonly CommandGroup[] = [
    {
      title: 'Services',
      commands: services.slice(0, words.length > 0 ? SERVICES_SHOWN : SERVICES_AT_FIRST).map((service) => showService(service, world)),
    },
    { title: 'Actions', commands: best ? actionsOn(best, world) : others.slice(0, SERVICES_SHOWN) },
    { title: 'Go to', commands: places(world).filter(({ text }) => fits(text)) },
    {
      title: 'Commands',
      commands: [
        ...exposeTyped(query, world),
        ...[...general(world), ...(words.length > 0 ? looks(world) : [])].filter(({ text }) => fits(text)),
      ],
    },
  ]
  return groups.filter(({ commands }) => commands.length > 0)
}

/** Names that begin with the word go before those that only hold it. */
function rank(services: readonly Service[], word: string): readonly Service[] {
  const place = ({ name, id }: Service): number => ((name ?? id).toLowerCase().startsWith(word) ? 0 : 1)
  return services.toSorted((a, b) => place(a) - place(b))
}

function showService(service: Service, world: CommandWorld): Command {
  const address = world.addressOf(service.id)
  return {
    id: `show ${service.id}`,
    text: service.name ?? service.id,
    icon: PanelsTopLeft,
    run: () => world.go({ screen: 'service', id: service.id }),
    ...(address === null ? {} : { detail: address }),
  }
}

function actionsOn({ id, name: given, enabled }: Service, world: CommandWorld): readonly Command[] {
  const name = given ?? id
  const address = world.addressOf(id)
  return [
    ...(address === null
      ? []
      : [
          { id: `copy ${id}`, text: `Copy address of ${name}`, icon: Copy, run: () => world.copy(id) },
          ...(isWebAddress(address)
            ? [{ id: `open ${id}`, text: `Open ${name}`, detail: address, icon: ExternalLink, run: () => world.open(address) }]
            : []),
        ]),
    { id: `edit ${id}`, text: `Edit ${name}`, icon: Pencil, run: () => world.go({ screen: 'edit', id }) },
    enabled
      ? { id: `off ${id}`, text: `Switch off ${name}`, icon: PowerOff, run: () => world.setEnabled(id, false) }
      : { id: `on ${id}`, text: `Switch on ${name}`, icon: Power, run: () => world.setEnabled(id, true) },
  ]
}

/** Found by its verb only: whoever types a service's name wants to see or change it. */
function lockDown({ id, name, backends }: Service, world: CommandWorld): readonly Command[] {
  return backends.length === 0
    ? []
    : [{ id: `lock ${id}`, text: `Lock down ${name ?? id}`, icon: LockKeyhole, run: () => world.go({ screen: 'lockdown', service: id }) }]
}

function places(world: CommandWorld): readonly Command[] {
  return [
    { id: 'go services', text: 'Services', icon: Layers2, run: () => world.go({ screen: 'services' }) },
    { id: 'go find', text: 'Find on this computer', icon: Radar, run: () => world.go({ screen: 'first-run' }) },
    { id: 'go activity', text: 'Activity', icon: Activity, run: () => world.go({ screen: 'activity' }) },
    {
      id: 'go access',
      text: 'Access: lists, blocked addresses, test an address',
      icon: ShieldCheck,
      run: () => world.go({ screen: 'access', of: '' }),
    },
    { id: 'go lockdown', text: 'Lock-down', icon: LockKeyhole, run: () => world.go({ screen: 'lockdown', service: '' }) },
    { id: 'go settings', text: 'Settings', icon: Settings2, run: () => world.go({ screen: 'settings' }) },
  ]
}

function general(world: CommandWorld): readonly Command[] {
  const off = world.engine === 'stopped' || world.engine === 'failed'
  return [
    { id: 'expose', text: 'Expose a service', icon: Plus, run: () => world.go({ screen: 'expose', url: '', name: '' }) },
    {
      id: 'expose files',
      text: 'Host files',
      icon: FolderOpen,
      run: () => world.go({ screen: 'expose', url: '', name: '', kind: 'files' }),
    },
    {
      id: 'expose machine',
      text: 'Share a remote machine',
      icon: MonitorUp,
      run: () => world.go({ screen: 'expose', url: '', name: '', kind: 'machine' }),
    },
    off
      ? { id: 'start', text: 'Start the gateway', icon: Play, run: () => world.gateway('start') }
      : { id: 'restart', text: 'Restart the gateway', icon: RotateCw, run: () => world.gateway('restart') },
    world.closed
      ? { id: 'reopen', text: 'Open everything again', icon: DoorOpen, run: () => world.setClosed(false) }
      : { id: 'close all', text: 'Close everything', icon: DoorClosed, run: () => world.setClosed(true) },
  ]
}

function looks(world: CommandWorld): readonly Command[] {
  return [
    { id: 'light', text: 'Light theme', icon: Sun, run: () => world.theme('light') },
    { id: 'dark', text: 'Dark theme', icon: Moon, run: () => world.theme('dark') },
    { id: 'system', text: 'Theme as the system has it', icon: SunMoon, run: () => world.theme('system') },
  ]
}

/** A typed address can be exposed straight away: `http://nas:5000`, `nas:5000`. */
function exposeTyped(query: string, world: CommandWorld): readonly Command[] {
  const typed = query.trim()
  if (!/^https?:\/\/.|^[^\s/]+:\d{1,5}(\/|$)/i.test(typed)) return []
  const url = /^https?:/i.test(typed) ? typed : `http://${typed}`
  if (typeof parseBackendUrl(url) === 'string') return []
  return [{ id: 'expose typed', text: `Expose ${url}`, icon: Plus, run: () => world.go({ screen: 'expose', url, name: '' }) }]
}
