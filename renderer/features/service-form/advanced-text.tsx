import { TextField } from '../../ui/text-field'
import { type FieldText, placeholderOf } from './model/advanced-fields'
import type { ServiceForm } from './use-service-form'

/** One of the texts that most services leave empty. */
export function AdvancedText({ form, text }: { readonly form: ServiceForm; readonly text: FieldText }) {
  const { draft, set, left } = form
  const [field, label, , hint] = text
  return (
    <div data-field={field}>
      <TextField
        label={label}
        value={draft.advanced[field]}
        placeholder={placeholderOf(text)}
        error={form.error(field)}
        {...(hint === undefined ? {} : { hint })}
        onChange={(value) => set({ advanced: { ...draft.advanced, [field]: value } })}
        onBlur={() => left(field)}
      />
    </div>
  )
}
