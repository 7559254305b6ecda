import { Button } from '../../ui/button'
import { Select, type SelectOption } from '../../ui/select'
import { TextField } from '../../ui/text-field'
import { FormRow } from './form-row'
import { protocolOf } from './model/draft'
import { hostFor, reachOf } from './model/listeners'
import { presetById, PRESETS } from './model/presets'
import { withPreset } from './model/switch-kind'
import { useProposedPort } from './use-proposed-port'
import type { ServiceForm } from './use-service-form'

/** What the machine is, and the port of the gateway that people connect to. */
export function MachineRow({ form, saved }: { readonly form: ServiceForm; readonly saved: boolean }) {
  const { draft, set, left, listensOn } = form
  const protocol = protocolOf(draft)
  useProposedPort(form, !saved)
  // TCP and UDP are two kinds of service, and the kind of a saved one stays.
  const options = PRESETS.filter((preset) => !saved || preset.protocol === protocol).map(
    ({ id, text, port, protocol: spoken }): SelectOption<string> => ({
      id,
      text,
      hint: port === null ? 'Any port' : `${spoken.toUpperCase()} port ${port}`,
    }),
  )
  const suggestion = form.error('port') === null ? null : (form.port?.suggestion ?? null)

  return (
    <FormRow label="Address" hint="What people connect to">
      <div className="machine-fields">
        <Select label="Kind of machine" options={options} value={draft.preset} onChange={(id) => set(withPreset(draft, id))} />
        <div data-field="port">
          <TextField
            label="Port of the gateway"
            value={draft.port}
            placeholder={String(presetById(draft.preset).port ?? '9000')}
            inputMode="numeric"
            error={form.error('port')}
            finding={form.port?.free ? { tone: 'ok', text: 'Free' } : null}
            hint={`${protocol.toUpperCase()}. ${connectTo(listensOn, form.addresses, draft.port)}`}
            onChange={(port) => set({ port, keptListeners: null, portProposed: port === '' })}
            onBlur={() => left('port')}
          />
        </div>
      </div>
      {suggestion !== null && (
        <div className="field-actions">
          <Button size="small" onPress={() => set({ port: String(suggestion), portProposed: false })}>
            Use {suggestion}
          </Button>
        </div>
      )}
      {draft.keptListeners !== null && (
        <p className="field-hint">
          It answers on the listeners {draft.keptListeners.join(' and ')}, as the configuration file says. A port here takes their place.
        </p>
      )}
    </FormRow>
  )
}

/** What is true of the listener: one on a loopback address can be reached by nobody else. */
function connectTo(listensOn: string, addresses: readonly string[], port: string): string {
  const host = hostFor(listensOn, addresses, 'this computer')
  const place = `${host.includes(':') ? `[${host}]` : host}:${port || '…'}`
  return reachOf(listensOn) === 'self' ? `${place}, this computer only` : `People connect to ${place}`
}
