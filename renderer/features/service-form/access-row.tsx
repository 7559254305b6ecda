import { PRESET_BLOCKS } from '../../../proxy/contract/config/access'
import { formatNumberOf } from '../../lib/format'
import { accessIcon } from '../../ui/access-icon'
import { RadioCards } from '../../ui/radio-cards'
import type { SelectOption } from '../../ui/select'
import { AccessManners } from './access-manners'
import { AccessRules } from './access-rules'
import { FormRow } from './form-row'
import { type AccessChoice, writeAccess } from './model/access-choice'
import { SignInRow } from './sign-in-row'
import type { ServiceForm } from './use-service-form'

/** Who can open the service: a ready-made answer, or rules of its own; a password; what those who may not get. */
export function AccessRow({ form }: { readonly form: ServiceForm }) {
  const { draft, networks } = form
  const options: SelectOption<AccessChoice>[] = [
    ...(draft.access === 'self'
      ? [{ id: 'self' as const, text: 'This computer only', hint: 'Nobody else', icon: accessIcon('loopback') }]
      : []),
    {
      id: 'network',
      text: 'This office network',
      hint: networks.length > 0 ? networks.join(', ') : 'The networks of this computer',
      icon: accessIcon('this-network'),
    },
    { id: 'lan', text: 'LAN only', hint: 'Every private address', icon: accessIcon('lan') },
    { id: 'vpn', text: 'VPN', hint: `${PRESET_BLOCKS.vpn.join(', ')}, and interfaces marked as VPN`, icon: accessIcon('vpn') },
    { id: 'anyone', text: 'Anyone', hint: 'The internet too', icon: accessIcon('anyone') },
    {
      id: 'custom',
      text: 'Only these…',
      hint:
        draft.rules.length > 0 && draft.access === 'custom'
          ? formatNumberOf(draft.rules.length, 'rule')
          : 'Addresses and lists of your choice',
      icon: accessIcon(null),
    },
  ]

  /** Rules of one's own begin with those of the answer chosen before. */
  function choose(access: AccessChoice): void {
    const before = writeAccess(draft.access, undefined)
    form.set(
      access === 'custom' && draft.rules.length === 0
        ? { access, rules: before?.rules ?? [], otherwise: before?.default ?? 'allow' }
        : { access },
    )
  }

  return (
    <FormRow label="Who can open it">
      <div data-field="access">
        <RadioCards
          label="Who can open it"
          columns={2}
          options={options}
          value={draft.access}
          onChange={choose}
          error={form.error('access')}
          finding={
            draft.access === 'anyone'
              ? {
                  tone: 'warn',
                  text:
                    draft.users.length > 0 && draft.kind !== 'machine'
                      ? 'The internet too, with a password.'
                      : 'Reachable from the internet once your router forwards the port to this computer.',
                }
              : null
          }
        />
      </div>
      {draft.access === 'custom' && <AccessRules form={form} />}
      {draft.kind !== 'machine' && <SignInRow form={form} />}
      <AccessManners form={form} />
    </FormRow>
  )
}
