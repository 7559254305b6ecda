import { Plus, Trash2 } from 'lucide-react'
import { Button } from '../../ui/button'
import { IconButton } from '../../ui/icon-button'
import { Select } from '../../ui/select'
import { TextField } from '../../ui/text-field'
import { AdvancedGroup, AdvancedPanel } from './advanced-panel'
import { MuteSwitch } from './advanced-row'
import { AdvancedText } from './advanced-text'
import { MACHINE_FIELDS } from './model/advanced-fields'
import { MACHINE_CHECKS } from './model/choices'
import { protocolOf } from './model/draft'
import type { ServiceForm } from './use-service-form'

/** What most machines never need: how they are checked, names to share a port by, limits. */
export function MachineAdvanced({ form }: { readonly form: ServiceForm }) {
  const { draft, set } = form
  const tcp = protocolOf(draft) === 'tcp'
  const used =
    Object.values(draft.advanced).some((text) => text !== '') ||
    draft.healthType === 'off' ||
    draft.mute ||
    (tcp && draft.hosts.some((host) => host !== ''))
  const fields = tcp
    ? [...MACHINE_FIELDS.checks, ...MACHINE_FIELDS.times, ...MACHINE_FIELDS.sharing]
    : [...MACHINE_FIELDS.sessions, ...MACHINE_FIELDS.sharing]
  const wrong = fields.some(([field]) => form.error(field) !== null) || draft.hosts.some((_, at) => form.error(`hosts.${at}`) !== null)

  return (
    <AdvancedPanel title={tcp ? 'Health checks, TLS names, limits' : 'Limits, alerts'} used={used} wrong={wrong}>
      {tcp && (
        <AdvancedGroup title="Health check">
          <Select
            label="Check each backend"
            options={MACHINE_CHECKS}
            value={draft.healthType === 'off' ? 'off' : draft.greeting}
            onChange={(check) =>
              set(
                check === 'off'
                  ? { healthType: 'off' }
                  : { healthType: draft.healthType === 'off' ? 'auto' : draft.healthType, greeting: check },
              )
            }
          />
          {draft.healthType !== 'off' && MACHINE_FIELDS.checks.map((text) => <AdvancedText key={text[0]} form={form} text={text} />)}
        </AdvancedGroup>
      )}
      {tcp && <TlsNames form={form} />}
      <AdvancedGroup title="Wait at most">
        {(tcp ? MACHINE_FIELDS.times : MACHINE_FIELDS.sessions).map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
      </AdvancedGroup>
      <AdvancedGroup title="Sharing and failing over">
        {MACHINE_FIELDS.sharing.map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
        {!tcp && <p className="field-hint advanced-switch">Nothing can be checked over UDP: a failure is noticed only by who connects.</p>}
        <MuteSwitch form={form} />
      </AdvancedGroup>
    </AdvancedPanel>
  )
}

/** Names by which several machines share one port; only what speaks TLS tells its name (SNI). */
function TlsNames({ form }: { readonly form: ServiceForm }) {
  const { draft, set, left } = form
  return (
    <AdvancedGroup title="Sharing the port by TLS name">
      {draft.hosts.map((host, at) => (
        <div key={`tls-${at + 1}`} className="host-field" data-field={`hosts.${at}`}>
          <TextField
            label={at === 0 ? 'TLS name' : `TLS name ${at + 1}`}
            value={host}
            placeholder="Any connection"
            error={form.error(`hosts.${at}`)}
            hint={at === 0 ? 'The name that clients ask for (SNI); others may have the same port.' : undefined}
            onChange={(text) => set({ hosts: draft.hosts.with(at, text) })}
            onBlur={() => left(`hosts.${at}`)}
          />
          {at > 0 && (
            <IconButton
              icon={Trash2}
              label={`Remove ${host || 'this name'}`}
              onPress={() => set({ hosts: draft.hosts.toSpliced(at, 1) })}
            />
          )}
        </div>
      ))}
      {draft.hosts.some((host) => host.trim() !== '') && (
        <div className="advanced-switch">
          <Button kind="quiet" size="small" icon={Plus} onPress={() => set({ hosts: [...draft.hosts, ''] })}>
            Add another name
          </Button>
        </div>
      )}
    </AdvancedGroup>
  )
}
