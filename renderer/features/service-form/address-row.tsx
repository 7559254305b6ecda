import { commonListeners } from '../../../proxy/contract/expose'
import { Plus, Trash2 } from 'lucide-react'
import { toAsciiHost } from '../../lib/idn'
import { Button } from '../../ui/button'
import { IconButton } from '../../ui/icon-button'
import { TextField } from '../../ui/text-field'
import { FormRow } from './form-row'
import type { ServiceForm } from './use-service-form'

/** Where visitors find the service: host names, a port of its own, a path. */
export function AddressRow({ form }: { readonly form: ServiceForm }) {
  const { draft, set, left } = form
  const common = commonPorts(form)

  return (
    <FormRow label="Address" hint="What visitors type">
      <div className="address-fields">
        <HostField form={form} at={0} />
        <div data-field="port">
          <TextField
            label="Port"
            value={draft.port}
            placeholder={common}
            inputMode="numeric"
            error={form.error('port')}
            finding={form.port?.free ? { tone: 'ok', text: 'Free' } : null}
            onChange={(port) => set({ port, keptListeners: null })}
            onBlur={() => left('port')}
          />
        </div>
        <div data-field="path">
          <TextField
            label="Path"
            value={draft.path}
            placeholder="/ any path"
            error={form.error('path')}
            onChange={(path) => set({ path })}
            onBlur={() => left('path')}
          />
        </div>
      </div>
      {draft.hosts.slice(1).map((_, more) => (
        <HostField key={`host-${more + 2}`} form={form} at={more + 1} />
      ))}
      <div className="field-actions">
        {form.error('port') !== null && form.port !== null && form.port.suggestion !== null && (
          <UsePort form={form} port={form.port.suggestion} />
        )}
        {draft.hosts.some((host) => host.trim() !== '') && (
          <Button kind="quiet" size="small" icon={Plus} onPress={() => set({ hosts: [...draft.hosts, ''] })}>
            Add another name
          </Button>
        )}
      </div>
      {draft.keptListeners !== null && (
        <p className="field-hint">
          It answers on the listeners {draft.keptListeners.join(' and ')}, as the configuration file says. A port here takes their place.
        </p>
      )}
    </FormRow>
  )
}

function HostField({ form, at }: { readonly form: ServiceForm; readonly at: number }) {
  const { draft, set, left } = form
  const host = draft.hosts[at] ?? ''
  const field = `hosts.${at}`
  const warning = form.warning(field)
  const stored = toAsciiHost(host.trim())
  return (
    <div className="host-field" data-field={field}>
      <TextField
        label={at === 0 ? 'Host name' : `Host name ${at + 1}`}
        value={host}
        placeholder={at === 0 ? 'Any name that leads here' : 'wiki.office.lan'}
        error={form.error(field)}
        finding={warning === null ? null : { tone: 'warn', text: warning }}
        {...(stored !== null && stored !== host.trim() ? { hint: `Browsers send it as ${stored}` } : {})}
        onChange={(text) => set({ hosts: draft.hosts.with(at, text) })}
        onBlur={() => left(field)}
      />
      {at > 0 && (
        <IconButton icon={Trash2} label={`Remove ${host || 'this name'}`} onPress={() => set({ hosts: draft.hosts.toSpliced(at, 1) })} />
      )}
    </div>
  )
}

function UsePort({ form, port }: { readonly form: ServiceForm; readonly port: number }) {
  return (
    <Button size="small" onPress={() => form.set({ port: String(port) })}>
      Use {port}
    </Button>
  )
}

function commonPorts({ context }: ServiceForm): string {
  const ids = commonListeners(context.document)
  const ports = (context.document.listeners ?? []).filter(({ id }) => ids.includes(id)).map(({ port }) => port)
  return ports.join(', ')
}
