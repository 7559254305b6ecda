import { Segmented } from '../../ui/segmented'
import { TextField } from '../../ui/text-field'
import type { ExposeKind } from '../../state/route'
import { FormRow } from './form-row'
import { SAMPLE_NAMES } from './model/form-rules'
import type { ServiceForm } from './use-service-form'

const KINDS: readonly { readonly id: ExposeKind; readonly text: string }[] = [
  { id: 'web', text: 'Web page' },
  { id: 'files', text: 'Files' },
  { id: 'machine', text: 'Machine' },
  { id: 'redirect', text: 'Redirect' },
]

/** What the service is called and what it is. The kind of a saved service stays: its address and its history are those of its kind. */
export function KindRow({ form, saved }: { readonly form: ServiceForm; readonly saved: boolean }) {
  const { draft } = form
  return (
    <FormRow label="Name">
      <div className="kind-row">
        <div className="plain-field" data-field="name">
          <TextField
            label="Name"
            value={draft.name}
            placeholder={SAMPLE_NAMES[draft.kind]}
            error={form.error('name')}
            onChange={(text) => form.set({ name: text })}
            onBlur={() => form.left('name')}
          />
        </div>
        {saved ? (
          <p className="kind-fixed">
            <span className="strong">{KINDS.find(({ id }) => id === draft.kind)?.text}</span>
            <span className="field-hint">To share something else, expose a new service.</span>
          </p>
        ) : (
          <Segmented label="What to expose" options={KINDS} value={draft.kind} onChange={form.setKind} />
        )}
      </div>
    </FormRow>
  )
}
