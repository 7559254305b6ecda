import { Checkbox } from '../../ui/checkbox'
import { Select } from '../../ui/select'
import { TextField } from '../../ui/text-field'
import type { OnDeny } from './model/access-draft'
import { ON_DENY } from './model/choices'
import type { ServiceForm } from './use-service-form'

/** What refused visitors get, trying rules out without refusing anybody, and how much one visitor may ask for. */
export function AccessManners({ form }: { readonly form: ServiceForm }) {
  const { draft } = form
  const machine = draft.kind === 'machine'
  return (
    <div className="access-manners">
      {draft.access !== 'anyone' && (
        <>
          <Checkbox isSelected={draft.watch} onChange={(watch) => form.set({ watch })}>
            Watch only: count whom the rules would refuse, and refuse nobody
          </Checkbox>
          {!machine && (
            <Select<OnDeny>
              label="Refused visitors get"
              options={ON_DENY}
              value={draft.onDeny}
              onChange={(onDeny) => form.set({ onDeny })}
            />
          )}
        </>
      )}
      <div data-field="rate">
        <TextField
          label={machine ? 'Connections of one visitor per minute' : 'Requests of one visitor per minute'}
          optional
          value={draft.rate}
          inputMode="numeric"
          placeholder="No limit"
          hint={machine ? 'More are closed for a while.' : 'More are answered 429 for a while.'}
          error={form.error('rate')}
          onChange={(rate) => form.set({ rate })}
          onBlur={() => form.left('rate')}
        />
      </div>
    </div>
  )
}
