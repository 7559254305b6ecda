import { Select } from '../../ui/select'
import { Switch } from '../../ui/switch'
import { AdvancedGroup, AdvancedPanel } from './advanced-panel'
import { AdvancedText, type FieldText } from './advanced-text'
import type { HealthType } from './model/draft'
import { PagePreview } from './page-preview'
import type { ServiceForm } from './use-service-form'

const CHECKS: readonly FieldText[] = [
  ['health.path', 'Page to ask for', '/status'],
  ['health.status', 'Good answers', '200-399'],
  ['health.body', 'Text in the answer', 'Any'],
  ['health.interval', 'Every', '5s'],
  ['health.timeout', 'Answer within', '2s'],
  ['health.fall', 'Down after failed checks', '3'],
  ['health.rise', 'Back after good checks', '2'],
]

const TIMES: readonly FieldText[] = [
  ['timeouts.connect', 'To connect', '3s'],
  ['timeouts.response', 'For the answer to begin', '60s'],
  ['timeouts.idle', 'Between two pieces', '60s'],
  ['timeouts.tunnel', 'Silent WebSocket or event stream', '1h'],
]

const SHARING: readonly FieldText[] = [
  ['maxConnections', 'Requests at once on each backend', 'No limit', 'More wait for two seconds, then are told that it is busy'],
  ['retry.attempts', 'Other backends to try', '2'],
  ['timeouts.drain', 'To drain, at most', '5m'],
  ['balance.slowStart', 'Growing share after coming back, for', 'Whole share at once'],
  ['balance.sticky.cookie', 'Keep visitors on one backend by cookie', 'Not kept', 'A name for the cookie, such as node'],
]

const AWAY: readonly FieldText[] = [
  ['maintenance.title', 'Title of the page', 'Back soon'],
  ['maintenance.message', 'What it says', 'We are updating the wiki.'],
  ['maintenance.until', 'Expected back', '2027-01-31 18:00', 'In this computer’s time'],
  ['maintenance.retryAfter', 'Programs may ask again after', '5m', 'Where no time is given above'],
  ['maintenance.allow', 'Who sees the real site all the same', '192.168.1.20', 'Addresses or blocks, apart by commas'],
]

const PAGE = [
  { id: 'auto', text: 'Only while no backend is usable', hint: 'By itself' },
  { id: 'on', text: 'To everybody, now', hint: 'Maintenance' },
  { id: 'off', text: 'Never', hint: 'A plain page is shown instead' },
] as const

const HEALTH: readonly { readonly id: HealthType; readonly text: string; readonly hint: string }[] = [
  { id: 'auto', text: 'By itself', hint: 'A page where one is given below, else a connection' },
  { id: 'http', text: 'Ask for a page', hint: 'HTTP check' },
  { id: 'tcp', text: 'Open a connection', hint: 'TCP check' },
  { id: 'off', text: 'Not at all', hint: 'A failure is noticed only by visitors' },
]

const HOST = [
  { id: 'preserve', text: 'As the visitor sent it', hint: 'Preserve Host: for programs that build links from it' },
  { id: 'backend', text: 'The backend’s own name', hint: 'Rewrite Host: for servers that tell sites apart by name' },
] as const

/** What most web pages never need: health check, headers, limits and waiting times. */
export function AdvancedRow({ form }: { readonly form: ServiceForm }) {
  const { draft, set } = form
  const used =
    Object.values(draft.advanced).some((text) => text !== '') ||
    draft.healthType !== 'auto' ||
    draft.maintenanceMode !== 'auto' ||
    draft.mute ||
    draft.stripPath ||
    draft.sendHost !== 'preserve'
  const wrong = [...CHECKS, ...TIMES, ...SHARING, ...AWAY].some(([field]) => form.error(field) !== null) || form.error('maxBody') !== null

  return (
    <AdvancedPanel title="Health checks, limits, maintenance page" used={used} wrong={wrong}>
      <AdvancedGroup title="Health check">
        <Select label="Check each backend" options={HEALTH} value={draft.healthType} onChange={(healthType) => set({ healthType })} />
        {draft.healthType !== 'off' &&
          CHECKS.filter(([field]) => draft.healthType !== 'tcp' || !/path|status|body/.test(field)).map((text) => (
            <AdvancedText key={text[0]} form={form} text={text} />
          ))}
      </AdvancedGroup>
      <AdvancedGroup title="Requests">
        <Select label="Host the backend sees" options={HOST} value={draft.sendHost} onChange={(sendHost) => set({ sendHost })} />
        <AdvancedText form={form} text={['maxBody', 'Largest upload', 'No limit', 'Such as 512MB or 1GB']} />
        <div className="advanced-switch">
          <Switch isSelected={draft.stripPath} onChange={(stripPath) => set({ stripPath })}>
            Take the path off before passing on
          </Switch>
        </div>
      </AdvancedGroup>
      <AdvancedGroup title="Wait at most">
        {TIMES.map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
      </AdvancedGroup>
      <AdvancedGroup title="Sharing and failing over">
        {SHARING.map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
        <MuteSwitch form={form} />
      </AdvancedGroup>
      <AdvancedGroup title="Maintenance page">
        <Select label="Show it" options={PAGE} value={draft.maintenanceMode} onChange={(maintenanceMode) => set({ maintenanceMode })} />
        {AWAY.map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
        {draft.maintenanceMode !== 'off' && <PagePreview draft={draft.advanced} />}
      </AdvancedGroup>
    </AdvancedPanel>
  )
}

/** Whether anybody is told of this service's failures. */
export function MuteSwitch({ form }: { readonly form: ServiceForm }) {
  return (
    <div className="advanced-switch">
      <Switch isSelected={form.draft.mute} onChange={(mute) => form.set({ mute })}>
        Tell nobody when it fails
      </Switch>
    </div>
  )
}
