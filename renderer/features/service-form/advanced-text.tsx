import { TextField } from '../../ui/text-field'
import type { AdvancedField } from './model/advanced-draft'
import type { ServiceForm } from './use-service-form'

export type FieldText = readonly [field: AdvancedField, label: string, placeholder: string, hint?: string]

/** One of the texts that most services leave empty. */
export function AdvancedText({ form, text: [field, label, placeholder, hint] }: { readonly form: ServiceForm; readonly text: FieldText }) {
  const { draft, set, left } = form
  return (
    <div data-field={field}>
      <TextField
        label={label}
        value={draft.advanced[field]}
        placeholder={placeholder}
        error={form.error(field)}
        {...(hint === undefined ? {} : { hint })}
        onChange={(value) => set({ advanced: { ...draft.advanced, [field]: value } })}
        onBlur={() => left(field)}
      />
    </div>
  )
}
