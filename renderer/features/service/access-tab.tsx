import { ClipboardPaste, KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { otherwiseOf } from '../../../proxy/contract/config/access'
import type { Service } from '../../../proxy/contract/config/service'
import { formatNumberOf } from '../../lib/format'
import type { RuleDocument } from '../../lib/rules'
import { useConfig } from '../../state/hooks'
import { navigate } from '../../state/route'
import { useAccessCounts } from '../../state/use-access-counts'
import { useSaveAccess } from '../../state/use-save-access'
import { Button } from '../../ui/button'
import { LockOutDialog } from '../../ui/lock-out-dialog'
import { AddressTest } from '../../ui/rules/address-test'
import { PasteDialog } from '../../ui/rules/paste-dialog'
import { RuleDialog } from '../../ui/rules/rule-dialog'
import { RuleTable } from '../../ui/rules/rule-table'
import { useAddressTest } from '../../ui/rules/use-address-test'

/** Who may open the service: its rules with what each has refused, and a test of an address. Changes are saved at once. */
export function AccessTab({ service }: { readonly service: Service }) {
  const { id, access, basicAuth, rateLimit } = service
  const config = useConfig()
  const lists = config?.document.accessLists ?? []
  const counts = useAccessCounts().counts?.services[id]
  const saving = useSaveAccess()
  const [edited, setEdited] = useState<number | 'new' | null>(null)
  const [pasting, setPasting] = useState(false)
  const [address, setAddress] = useState('')
  const finding = useAddressTest(address, id, undefined)
  const verdict = finding?.kind === 'verdict' ? finding.verdict : null
  const rules: readonly RuleDocument[] = access.rules
  const otherwise = otherwiseOf(access, lists)
  const watched = access.mode === 'watch'
  const name = service.name ?? id

  function change(next: readonly RuleDocument[], summary: string): void {
    void saving.save(`${summary} in ${name}`, (document) => ({
      ...document,
      services: (document.services ?? []).map((other) =>
        other.id === id ? { ...other, access: { ...other.access, rules: [...next], default: otherwise } } : other,
      ),
    }))
  }

  function keep(rule: RuleDocument): void {
    setEdited(null)
    if (edited === 'new') change([...rules, rule], 'Added a rule')
    else if (edited !== null) change(rules.with(edited, rule), 'Changed a rule')
  }

  return (
    <section className="access-tab" aria-label="Access">
      {watched && <p className="strong">This service only watches: nobody is refused, and what would be is counted.</p>}
      <AddressTest address={address} onChange={setAddress} finding={finding} />
      <RuleTable
        label="Rules, the first that matches decides"
        rules={rules}
        lists={lists}
        otherwise={{
          action: otherwise,
          text: rules.length === 0 ? 'There are no rules' : 'The last line of every service',
          refused: watched ? counts?.otherwise.wouldRefuse : counts?.otherwise.refused,
        }}
        refused={counts?.rules.map(({ refused, wouldRefuse }) => (watched ? wouldRefuse : refused)) ?? []}
        decides={
          verdict === null || verdict.source === 'blocked' || verdict.source === 'closed' || verdict.source === 'automatic'
            ? null
            : (verdict.rule?.index ?? 'otherwise')
        }
        onChange={change}
        onEdit={setEdited}
      />
      <div className="access-tab-acts">
        <Button size="small" icon={Plus} onPress={() => setEdited('new')}>
          Add rule
        </Button>
        <Button size="small" icon={ClipboardPaste} onPress={() => setPasting(true)}>
          Add many…
        </Button>
        <Button size="small" icon={KeyRound} onPress={() => navigate({ screen: 'edit', id })}>
          Passwords, limits, what refused visitors get
        </Button>
      </div>
      <p className="second">
        {basicAuth === undefined
          ? 'Nobody has to sign in.'
          : `${formatNumberOf(basicAuth.users.length, 'user')} may sign in${counts && counts.failedSignIns > 0 ? `; ${formatNumberOf(counts.failedSignIns, 'sign-in')} failed` : ''}.`}
        {rateLimit !== undefined &&
          ` ${formatNumberOf(rateLimit.requests, 'request')} a client in ${rateLimit.per / 1_000} s${counts && counts.rateLimited > 0 ? `; ${formatNumberOf(counts.rateLimited, 'request')} were too many` : ''}.`}
      </p>
      {edited !== null && (
        <RuleDialog rule={edited === 'new' ? null : (rules[edited] ?? null)} lists={lists} onSave={keep} onClose={() => setEdited(null)} />
      )}
      {pasting && (
        <PasteDialog
          onClose={() => setPasting(false)}
          onAdd={(added) => {
            setPasting(false)
            change([...rules, ...added], `Added ${formatNumberOf(added.length, 'rule')}`)
          }}
        />
      )}
      <LockOutDialog
        impact={saving.impact}
        nameOf={(other) => config?.config.services.find((one) => one.id === other)?.name ?? other}
        onSave={saving.goOn}
        onCancel={saving.goBack}
      />
    </section>
  )
}
