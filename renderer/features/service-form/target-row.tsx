import { Checkbox } from '../../ui/checkbox'
import { RadioCards } from '../../ui/radio-cards'
import { TextField } from '../../ui/text-field'
import { FormRow } from './form-row'
import type { ServiceForm } from './use-service-form'

const LASTING = [
  { id: 'now', text: 'For now', hint: 'Asked for each time; 307' },
  { id: 'good', text: 'For good', hint: 'Browsers remember it; 308' },
] as const

/** Where visitors are sent instead. */
export function TargetRow({ form }: { readonly form: ServiceForm }) {
  const { draft, set, left } = form
  return (
    <FormRow label="Send to" hint="The address that opens instead">
      <div data-field="to" className="plain-field">
        <TextField
          label="Send to"
          value={draft.to}
          placeholder="https://wiki.office.lan"
          error={form.error('to')}
          onChange={(to) => set({ to })}
          onBlur={() => left('to')}
        />
      </div>
      <div className="plain-field plain-cards">
        <RadioCards
          label="For how long"
          columns={2}
          options={LASTING}
          value={draft.forGood ? 'good' : 'now'}
          onChange={(lasting) => set({ forGood: lasting === 'good' })}
        />
      </div>
      <Checkbox isSelected={draft.keepPath} onChange={(keepPath) => set({ keepPath })}>
        Add the path that was asked for, and what stands behind its ?
      </Checkbox>
    </FormRow>
  )
}
