import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { formatNumberOf } from '../../lib/format'
import { accessIcon } from '../../ui/access-icon'
import { RadioCards } from '../../ui/radio-cards'
import type { SelectOption } from '../../ui/select'
import { FormRow } from './form-row'
import { type AccessChoice, readAccess } from './model/access-choice'
import type { ServiceForm } from './use-service-form'

interface AccessRowProps {
  readonly form: ServiceForm
  readonly service: ServiceDocument | null
}

/** Who can open the service: a ready-made answer, or the rules that are in the document already. */
export function AccessRow({ form, service }: AccessRowProps) {
  const { draft, networks } = form
  const rules = service?.access?.rules ?? []
  const present = readAccess(service?.access)
  const kept = present === 'custom'
  const options: SelectOption<AccessChoice>[] = [
    ...(present === 'self' ? [{ id: 'self' as const, text: 'This computer only', hint: 'Nobody else', icon: accessIcon('loopback') }] : []),
    { id: 'network', text: 'This office network', hint: networks.length > 0 ? networks.join(', ') : 'The networks of this computer', icon: accessIcon('this-network') },
    { id: 'lan', text: 'LAN only', hint: 'Every private address', icon: accessIcon('lan') },
    { id: 'vpn', text: 'VPN', hint: '100.64.0.0/10, as Tailscale has it', icon: accessIcon('vpn') },
    { id: 'anyone', text: 'Anyone', hint: 'The internet too', icon: accessIcon('anyone') },
    ...(kept ? [{ id: 'custom' as const, text: 'Its own rules', hint: formatNumberOf(rules.length, 'rule'), icon: accessIcon(null) }] : []),
  ]
  return (
    <FormRow label="Who can open it">
      <div data-field="access">
        <RadioCards
          label="Who can open it"
          columns={2}
          options={options}
          value={draft.access}
          onChange={(access) => form.set({ access })}
          error={form.error('access')}
          finding={draft.access === 'anyone' ? { tone: 'warn', text: 'Reachable from the internet once your router forwards the port to this computer.' } : null}
        />
      </div>
      {draft.access === 'custom' && <Rules access={service?.access} />}
      {kept && draft.access !== 'custom' && <p className="field-hint">Saving replaces {formatNumberOf(rules.length, 'rule')} of its own. Undo brings them back.</p>}
    </FormRow>
  )
}

/** Rules that were written in the document, in order, as they are. */
function Rules({ access }: { readonly access: ServiceDocument['access'] }) {
  const rules = access?.rules ?? []
  const otherwise = access?.default ?? (rules.some(({ action }) => action === 'allow') ? 'deny' : 'allow')
  return (
    <ol className="rules" aria-label="Rules, the first that matches decides">
      {rules.map(({ action, from, list }, at) => (
        <li key={`${at + 1}: ${from ?? list ?? ''}`}>
          <span className="rules-action">{list === undefined ? (action === 'deny' ? 'Refuse' : 'Allow') : 'List'}</span>
          <span className="mono wrap-anywhere">{from ?? list}</span>
        </li>
      ))}
      <li>
        <span className="rules-action">{otherwise === 'deny' ? 'Refuse' : 'Allow'}</span>
        <span>Everyone else</span>
      </li>
    </ol>
  )
}
