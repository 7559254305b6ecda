import { ClipboardPaste, Plus } from 'lucide-react'
import { useState } from 'react'
import type { RuleDocument } from '../../lib/rules'
import { useConfig } from '../../state/hooks'
import { Button } from '../../ui/button'
import { AddressTest } from '../../ui/rules/address-test'
import { PasteDialog } from '../../ui/rules/paste-dialog'
import { RuleDialog } from '../../ui/rules/rule-dialog'
import { RuleTable } from '../../ui/rules/rule-table'
import { useAddressTest } from '../../ui/rules/use-address-test'
import { Segmented } from '../../ui/segmented'
import { buildCandidate } from './model/candidate'
import type { ServiceForm } from './use-service-form'

/** A service's own rules in order, the last line of which is always there, and a test of an address on them before they are saved. */
export function AccessRules({ form }: { readonly form: ServiceForm }) {
  const { draft } = form
  const lists = useConfig()?.document.accessLists ?? []
  const [edited, setEdited] = useState<number | 'new' | null>(null)
  const [pasting, setPasting] = useState(false)
  const [address, setAddress] = useState('')
  const tried = tryOut(form)
  const finding = useAddressTest(address, tried.id, tried.document)
  const verdict = finding?.kind === 'verdict' ? finding.verdict : null
  const set = (rules: readonly RuleDocument[]): void => form.set({ rules })

  function keep(rule: RuleDocument): void {
    if (edited === 'new') set([...draft.rules, rule])
    else if (edited !== null) set(draft.rules.with(edited, rule))
    setEdited(null)
  }

  return (
    <div className="access-rules">
      <AddressTest address={address} onChange={setAddress} finding={finding} />
      <RuleTable
        label="Rules, the first that matches decides"
        rules={draft.rules}
        lists={lists}
        otherwise={{ action: draft.otherwise, text: 'The last line of every service' }}
        decides={verdict === null ? null : (verdict.rule?.index ?? 'otherwise')}
        onChange={set}
        onEdit={setEdited}
      />
      <div className="access-rules-acts">
        <Button size="small" icon={Plus} onPress={() => setEdited('new')}>
          Add rule
        </Button>
        <Button size="small" icon={ClipboardPaste} onPress={() => setPasting(true)}>
          Add many…
        </Button>
        <span className="small second">Everyone else:</span>
        <Segmented
          label="Everyone else"
          size="small"
          options={[
            { id: 'deny', text: 'Refuse' },
            { id: 'allow', text: 'Allow' },
          ]}
          value={draft.otherwise}
          onChange={(otherwise) => form.set({ otherwise })}
        />
      </div>
      {edited !== null && (
        <RuleDialog
          rule={edited === 'new' ? null : (draft.rules[edited] ?? null)}
          lists={lists}
          onSave={keep}
          onClose={() => setEdited(null)}
        />
      )}
      {pasting && (
        <PasteDialog
          onClose={() => setPasting(false)}
          onAdd={(rules) => {
            setPasting(false)
            set([...draft.rules, ...rules])
          }}
        />
      )}
    </div>
  )
}

/** A document with nothing but the rules as they stand in the form: the rest of it may not be right yet. */
function tryOut({ draft, context }: ServiceForm) {
  // A page stands in for whatever it is: rules say the same of all of them.
  const { service } = buildCandidate(context.document, draft, null)
  const { accessLists, settings, blocked } = context.document
  return {
    id: service.id,
    document: {
      version: 1 as const,
      ...(accessLists ? { accessLists } : {}),
      ...(settings ? { settings } : {}),
      ...(blocked ? { blocked } : {}),
      services: [
        {
          id: service.id,
          backends: [{ id: 'none', url: 'http://127.0.0.1:9' }],
          ...(service.access ? { access: service.access } : {}),
          ...(service.basicAuth ? { basicAuth: service.basicAuth } : {}),
        },
      ],
    },
  }
}
