import { Segmented } from '../../ui/segmented'
import { TextField } from '../../ui/text-field'
import type { ExposeKind } from '../../state/route'
import { FormRow } from './form-row'
import type { ServiceForm } from './use-service-form'

const KINDS: readonly { readonly id: ExposeKind; readonly text: string }[] = [
  { id: 'web', text: 'Web page' },
  { id: 'files', text: 'Files' },
  { id: 'machine', text: 'Machine' },
  { id: 'redirect', text: 'Redirect' },
]

const NAMES: Readonly<Record<ExposeKind, string>> = { web: 'Office wiki', files: 'Project files', machine: 'Reception PC', redirect: 'Old portal' }

/** What the service is called and what it is. The kind of a saved service stays: its address and its history are those of its kind. */
export function KindRow({ form, saved }: { readonly form: ServiceForm; readonly saved: boolean }) {
  const { draft } = form
  return (
    <FormRow label="Name">
      <div className="kind-row">
        <div className="plain-field" data-field="name">
          <TextField label="Name" value={draft.name} placeholder={NAMES[draft.kind]} error={form.error('name')} onChange={(text) => form.set({ name: text })} onBlur={() => form.left('name')} />
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
