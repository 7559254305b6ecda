import type { OnDeny } from './access-draft'
import type { HealthType, MaintenanceMode, Role, ServiceDraft } from './draft'
import type { Greeting } from './presets'

// What can be chosen, in the form's words. That none of the schema's own is missing, test/architecture/form.test.ts holds.

interface Choice<Id extends string> {
  readonly id: Id
  readonly text: string
  readonly hint: string
}

/** When the maintenance page is shown. */
export const MAINTENANCE_MODES: readonly Choice<MaintenanceMode>[] = [
  { id: 'auto', text: 'Only while no backend is usable', hint: 'By itself' },
  { id: 'on', text: 'To everybody, now', hint: 'Maintenance' },
  { id: 'off', text: 'Never', hint: 'A plain page is shown instead' },
]

/** How the backends of a web page are checked. */
export const HEALTH_TYPES: readonly Choice<HealthType>[] = [
  { id: 'auto', text: 'By itself', hint: 'A page where one is given below, else a connection' },
  { id: 'http', text: 'Ask for a page', hint: 'HTTP check' },
  { id: 'tcp', text: 'Open a connection', hint: 'TCP check' },
  { id: 'off', text: 'Not at all', hint: 'A failure is noticed only by visitors' },
]

/** The Host that backends see. */
export const SENT_HOSTS: readonly Choice<ServiceDraft['sendHost']>[] = [
  { id: 'preserve', text: 'As the visitor sent it', hint: 'Preserve Host: for programs that build links from it' },
  { id: 'backend', text: 'The backend’s own name', hint: 'Rewrite Host: for servers that tell sites apart by name' },
]

/** How machines are checked. */
export const MACHINE_CHECKS: readonly Choice<Greeting | 'off'>[] = [
  { id: 'none', text: 'Open a connection', hint: 'TCP check: the port accepts' },
  { id: 'ssh', text: 'Wait for the SSH greeting', hint: 'A port that only accepts is not enough' },
  { id: 'rdp', text: 'Wait for the Remote Desktop greeting', hint: 'A port that only accepts is not enough' },
  { id: 'tls', text: 'Begin TLS', hint: 'A port that only accepts is not enough' },
  { id: 'mysql', text: 'Wait for the MySQL greeting', hint: 'A port that only accepts is not enough' },
  { id: 'off', text: 'Not at all', hint: 'A failure is noticed only by who connects' },
]

/** What refused visitors get. */
export const ON_DENY: readonly Choice<OnDeny>[] = [
  { id: '403', text: 'A page that says they may not', hint: '403' },
  { id: '404', text: 'A page that says nothing is here', hint: '404' },
  { id: 'close', text: 'No answer', hint: 'The connection is closed' },
]

/** A backend's part among several. */
export const ROLES: readonly Omit<Choice<Role>, 'hint'>[] = [
  { id: 'primary', text: 'Primary' },
  { id: 'backup', text: 'Backup' },
]
