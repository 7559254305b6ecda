import { Ban, Check, Search } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import type { AccessVerdict } from '../../../proxy/contract/access-api'
import { isAddressPreset } from '../../../proxy/contract/config/access'
import { asSentence } from '../../lib/format'
import { ruleSubject } from '../../lib/rules'
import { Icon } from '../icon'
import { TextField } from '../text-field'
import type { AddressFinding } from './use-address-test'

interface AddressTestProps {
  readonly address: string
  readonly onChange: (address: string) => void
  readonly finding: AddressFinding | null
  readonly inputRef?: Ref<HTMLInputElement>
  /** What can be done about the verdict. */
  readonly actions?: ReactNode
}

/** Test an address: what it would get, and the rule that decides, as one types. */
export function AddressTest({ address, onChange, finding, inputRef, actions }: AddressTestProps) {
  const problem = finding?.kind === 'problem' ? asSentence(finding.text) : null
  return (
    <div className="address-test">
      <TextField
        label="Test an address"
        mono
        icon={Search}
        value={address}
        placeholder="203.0.113.12"
        error={problem}
        onChange={onChange}
        {...(inputRef ? { inputRef } : {})}
      />
      <output className="address-verdict">
        {finding?.kind === 'verdict' ? (
          <Verdict verdict={finding.verdict} actions={actions} />
        ) : (
          <span className="second">
            {address.trim() === '' ? 'Type an address to see what it would get, and why.' : problem === null ? 'Asking the gateway' : ''}
          </span>
        )}
      </output>
    </div>
  )
}

function Verdict({ verdict, actions }: { readonly verdict: AccessVerdict; readonly actions?: ReactNode }) {
  const { decision, notes } = verdict
  return (
    <>
      <span className="verdict-title" data-decision={decision}>
        <Icon of={decision === 'allow' ? Check : Ban} />
        {titleOf(verdict)}
      </span>
      <span className="second wrap-anywhere">
        {whyOf(verdict)} {notes.map(asSentence).join(' ')} {actions}
      </span>
    </>
  )
}

/** Why, as the rule's own words; anything else as the gateway puts it. */
function whyOf({ rule, because, watched, signIn, decision }: AccessVerdict): string {
  if (rule === null) return asSentence(because)
  const where = isAddressPreset(rule.from)
    ? `It belongs to ${ruleSubject(rule, []).toLowerCase()}.`
    : /[/-]/.test(rule.from)
      ? `It is inside ${rule.from}.`
      : `It is ${rule.from}.`
  if (rule.action === 'allow') return where
  return `${where}${watched ? ' The service only watches, so it gets in all the same.' : signIn && decision === 'allow' ? ' A password lets it in.' : ''}`
}

function titleOf({ decision, source, rule, signIn }: AccessVerdict): string {
  const verb = decision === 'allow' ? (signIn ? 'Let in with a password' : 'Let in') : 'Refused'
  if (source === 'closed') return 'Refused: everything is closed'
  if (source === 'blocked' || source === 'automatic') return 'Refused: the address is blocked'
  return rule === null ? `${verb}: no rule matches` : `${verb} by rule ${(rule.listIndex ?? rule.index) + 1}`
}
