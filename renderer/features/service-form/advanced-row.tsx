import { DEFAULTS } from '../../../proxy/contract/config/facts'
import { Select } from '../../ui/select'
import { Switch } from '../../ui/switch'
import { AdvancedGroup, AdvancedPanel } from './advanced-panel'
import { AdvancedText } from './advanced-text'
import { WEB_FIELDS } from './model/advanced-fields'
import { HEALTH_TYPES, MAINTENANCE_MODES, SENT_HOSTS } from './model/choices'
import { PagePreview } from './page-preview'
import type { ServiceForm } from './use-service-form'

/** What most web pages never need: health check, headers, limits and waiting times. */
export function AdvancedRow({ form }: { readonly form: ServiceForm }) {
  const { draft, set } = form
  const used =
    Object.values(draft.advanced).some((text) => text !== '') ||
    draft.healthType !== 'auto' ||
    draft.maintenanceMode !== DEFAULTS.service.maintenance.mode ||
    draft.mute ||
    draft.stripPath ||
    draft.sendHost !== DEFAULTS.service.headers.host
  const wrong = Object.values(WEB_FIELDS)
    .flat()
    .some(([field]) => form.error(field) !== null)

  return (
    <AdvancedPanel title="Health checks, limits, maintenance page" used={used} wrong={wrong}>
      <AdvancedGroup title="Health check">
        <Select label="Check each backend" options={HEALTH_TYPES} value={draft.healthType} onChange={(healthType) => set({ healthType })} />
        {draft.healthType !== 'off' &&
          WEB_FIELDS.checks
            .filter(([field]) => draft.healthType !== 'tcp' || !/path|status|body/.test(field))
            .map((text) => <AdvancedText key={text[0]} form={form} text={text} />)}
      </AdvancedGroup>
      <AdvancedGroup title="Requests">
        <Select label="Host the backend sees" options={SENT_HOSTS} value={draft.sendHost} onChange={(sendHost) => set({ sendHost })} />
        {WEB_FIELDS.requests.map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
        <div className="advanced-switch">
          <Switch isSelected={draft.stripPath} onChange={(stripPath) => set({ stripPath })}>
            Take the path off before passing on
          </Switch>
        </div>
        {draft.stripPath && (
          <div className="advanced-switch">
            <Switch isSelected={draft.slashRedirect} onChange={(slashRedirect) => set({ slashRedirect })}>
              Lead to the path with a slash at its end
            </Switch>
          </div>
        )}
      </AdvancedGroup>
      <AdvancedGroup title="Wait at most">
        {WEB_FIELDS.times.map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
      </AdvancedGroup>
      <AdvancedGroup title="Sharing and failing over">
        {WEB_FIELDS.sharing.map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
        <MuteSwitch form={form} />
      </AdvancedGroup>
      <AdvancedGroup title="Maintenance page">
        <Select
          label="Show it"
          options={MAINTENANCE_MODES}
          value={draft.maintenanceMode}
          onChange={(maintenanceMode) => set({ maintenanceMode })}
        />
        {WEB_FIELDS.away.map((text) => (
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
