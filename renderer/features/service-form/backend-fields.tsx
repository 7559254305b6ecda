import { Trash2 } from 'lucide-react'
import { rangeOf } from '../../../proxy/contract/config/facts'
import { Button } from '../../ui/button'
import { Checkbox } from '../../ui/checkbox'
import type { FieldParts } from '../../ui/field'
import { IconButton } from '../../ui/icon-button'
import { Segmented } from '../../ui/segmented'
import { TextField } from '../../ui/text-field'
import { ROLES } from './model/choices'
import type { BackendDraft } from './model/draft'
import { presetById } from './model/presets'
import { completeBackendUrl } from './model/typed-address'
import type { Finding } from './use-backend-tests'
import type { ServiceForm } from './use-service-form'

const WEIGHTS = rangeOf('services.backends.weight')

interface BackendFieldsProps {
  readonly form: ServiceForm
  readonly backend: BackendDraft
  readonly several: boolean
}

/** One backend: its address with what a test of it found, and, among several, its part of the work. */
export function BackendFields({ form, backend, several }: BackendFieldsProps) {
  const { draft, set, left } = form
  const { key, url, role, weight, verify, serverName } = backend
  const machine = draft.kind === 'machine'
  const finding = form.findings.get(key)
  const refused = finding?.kind === 'done' && finding.verdict.verdict === 'certificate'
  const number = draft.backends.indexOf(backend) + 1
  const change = (part: Partial<BackendDraft>): void =>
    set({ backends: draft.backends.map((row) => (row.key === key ? { ...row, ...part } : row)) })
  const stepWeight = (by: number): void =>
    change({ weight: String(Math.min(WEIGHTS.max, Math.max(WEIGHTS.min, (Number(weight) || 0) + by))) })

  return (
    <div className="backend">
      <div className="backend-url" data-field={`backends.${key}.url`}>
        <TextField
          label={several ? `Address of backend ${number}` : machine ? 'Address of the machine' : 'Address of the backend'}
          value={url}
          placeholder={machine ? `192.168.1.55:${presetById(draft.preset).port ?? 9_000}` : '192.168.1.20:8080'}
          error={form.error(`backends.${key}.url`)}
          finding={finding ? inWords(finding) : null}
          onChange={(text) => change({ url: text })}
          onBlur={() => left(`backends.${key}.url`)}
        />
        {refused && verify && (
          <div className="field-actions">
            <Button size="small" onPress={() => change({ verify: false })}>
              Accept this certificate
            </Button>
          </div>
        )}
        {draft.kind === 'web' && (!verify || (/^https:/i.test(completeBackendUrl(url)) && !refused)) && (
          <div className="backend-certificate">
            <Checkbox isSelected={verify} onChange={(checked) => change({ verify: checked })}>
              Check its certificate
            </Checkbox>
            {!verify && (
              <p className="field-hint">Without the check, whoever answers at this address is believed. Requests stay encrypted.</p>
            )}
          </div>
        )}
        {draft.kind === 'web' && (serverName !== '' || /^https:/i.test(completeBackendUrl(url))) && (
          <div className="backend-name" data-field={`backends.${key}.serverName`}>
            <TextField
              label={several ? `Name in the certificate of backend ${number}` : 'Name in its certificate'}
              value={serverName}
              placeholder="The host of its address"
              error={form.error(`backends.${key}.serverName`)}
              onChange={(text) => change({ serverName: text })}
              onBlur={() => left(`backends.${key}.serverName`)}
            />
          </div>
        )}
      </div>
      {several && (
        <>
          <Segmented label={`Role of backend ${number}`} options={ROLES} value={role} onChange={(chosen) => change({ role: chosen })} />
          <div className="backend-weight" data-field={`backends.${key}.weight`}>
            <TextField
              label={`Weight of backend ${number}`}
              value={weight}
              inputMode="numeric"
              error={form.error(`backends.${key}.weight`)}
              onChange={(text) => change({ weight: text })}
              onBlur={() => left(`backends.${key}.weight`)}
              onKeyDown={(event) => {
                const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key]
                if (by === undefined) event.continuePropagation()
                else stepWeight(by)
              }}
            />
          </div>
          <IconButton
            icon={Trash2}
            label={`Remove backend ${number}`}
            isDisabled={draft.backends.length === 1}
            onPress={() => set({ backends: draft.backends.filter((row) => row !== backend) })}
          />
        </>
      )}
    </div>
  )
}

/** A finding below the address. Whatever is wrong there now may be cured later, so it never keeps the form from being saved. */
function inWords(finding: Finding): NonNullable<FieldParts['finding']> {
  if (finding.kind === 'checking') return { tone: 'checking', text: 'Checking' }
  if (finding.kind === 'untested') return { tone: 'warn', text: finding.message }
  const { verdict, text, status } = finding.verdict
  const well = verdict === 'ok' || (verdict === 'answers' && status !== null && status < 500)
  return { tone: well ? 'ok' : 'warn', text }
}
