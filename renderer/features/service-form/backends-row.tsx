import { Plus, RefreshCw } from 'lucide-react'
import { DEFAULTS } from '../../../proxy/contract/config/facts'
import { Button } from '../../ui/button'
import { StatusGlyph } from '../../ui/status-glyph'
import { Select } from '../../ui/select'
import { BackendFields } from './backend-fields'
import { FormRow } from './form-row'
import { newBackend, protocolOf } from './model/draft'
import { POLICIES } from './model/policies'
import type { ServiceForm } from './use-service-form'

const OPTIONS = POLICIES.map(({ id, name, technical }) => ({ id, text: name, hint: technical }))

/** Where the pages come from: one backend, or several that share the work. */
export function BackendsRow({ form }: { readonly form: ServiceForm }) {
  const { draft, set, testNow } = form
  const several =
    draft.backends.length > 1 ||
    draft.backends.some(({ role, weight }) => role !== DEFAULTS.backend.role || weight !== String(DEFAULTS.backend.weight))
  const error = form.error('backends')
  const machine = draft.kind === 'machine'
  const share = machine ? 'Share connections by' : 'Share requests by'
  return (
    <FormRow
      label={several ? 'Backends' : machine ? 'Machine' : 'Backend'}
      hint={machine ? 'What answers on its own port' : 'Where the pages come from'}
    >
      <div className="backends" data-several={several} data-field="backends">
        {several && (
          <div className="backend-heads" aria-hidden="true">
            <span>Address and port</span>
            <span>Role</span>
            <span>Weight</span>
          </div>
        )}
        {draft.backends.map((backend) => (
          <BackendFields key={backend.key} form={form} backend={backend} several={several} />
        ))}
      </div>
      {error !== null && (
        <p className="message" data-tone="down">
          <StatusGlyph state="down" size="small" />
          <span>{error}</span>
        </p>
      )}
      <div className="backends-foot">
        {protocolOf(draft) !== 'udp' && (
          <Button size="small" icon={RefreshCw} onPress={testNow}>
            {draft.backends.length > 1 ? 'Test all' : 'Test'}
          </Button>
        )}
        <Button kind="quiet" size="small" icon={Plus} onPress={() => set({ backends: [...draft.backends, newBackend(draft.backends)] })}>
          Add backend
        </Button>
        {several && (
          <div className="backends-policy">
            <span className="small second" aria-hidden="true">
              {share}
            </span>
            <Select aria-label={share} size="small" options={OPTIONS} value={draft.policy} onChange={(policy) => set({ policy })} />
          </div>
        )}
      </div>
    </FormRow>
  )
}
