import { ClipboardPaste, Ellipsis, Pencil, Plus, Trash2 } from 'lucide-react'
import { type RefObject, useState } from 'react'
import type { AccessCounts } from '../../../proxy/contract/access-api'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { listUsers, type RuleDocument, withListRules } from '../../lib/rules'
import { navigate } from '../../state/route'
import { useShortcuts } from '../../state/shortcuts'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { IconButton } from '../../ui/icon-button'
import { Menu } from '../../ui/menu'
import { AddressTest } from '../../ui/rules/address-test'
import { PasteDialog } from '../../ui/rules/paste-dialog'
import { RuleDialog } from '../../ui/rules/rule-dialog'
import { RuleTable } from '../../ui/rules/rule-table'
import { useAddressTest } from '../../ui/rules/use-address-test'
import type { SaveAccess } from '../../state/use-save-access'

type ListDocument = NonNullable<ConfigDocument['accessLists']>[number]

interface ListDetailProps {
  readonly document: ConfigDocument
  readonly list: ListDocument
  readonly counts: AccessCounts | null
  readonly saving: SaveAccess
  readonly testRef: RefObject<HTMLInputElement | null>
  readonly onRename: () => void
}

/** A service that exists for the test only: what the list alone says. */
const TRIED = 'list-under-test'

/** A list of the user's own: its rules, who uses it, and a test of an address. */
export function ListDetail({ document, list, counts, saving, testRef, onRename }: ListDetailProps) {
  const { id } = list
  const name = list.name ?? id
  const rules: readonly RuleDocument[] = list.rules ?? []
  const users = listUsers(document, id)
  const [edited, setEdited] = useState<number | 'new' | null>(null)
  const [pasting, setPasting] = useState(false)
  const [inUse, setInUse] = useState(false)
  const [address, setAddress] = useState('')
  const finding = useAddressTest(address, TRIED, tried(list))
  const verdict = finding?.kind === 'verdict' ? finding.verdict : null
  const change = (next: readonly RuleDocument[], summary: string): void =>
    void saving.save(`${summary} in ${name}`, (latest) => withListRules(latest, id, next))

  useShortcuts({ a: () => setEdited('new') })

  function remove(): void {
    if (users.length > 0) return setInUse(true)
    void saving.save(`Deleted the list ${name}`, (latest) => ({
      ...latest,
      accessLists: (latest.accessLists ?? []).filter((other) => other.id !== id),
    }))
    navigate({ screen: 'access', of: '' }, { replace: true })
  }

  function keep(rule: RuleDocument): void {
    setEdited(null)
    if (edited === 'new') change([...rules, rule], `Added ${rule.from ?? ''}`)
    else if (edited !== null) change(rules.with(edited, rule), `Changed ${rule.from ?? ''}`)
  }

  return (
    <section className="list-detail" aria-label={name}>
      <div className="list-head">
        <h2 className="list-name">{name}</h2>
        <span className="second small grow">{users.length === 0 ? 'No service uses it yet' : `Used by ${users.join(', ')}`}</span>
        <Button size="small" icon={Plus} onPress={() => setEdited('new')}>
          Add rule
        </Button>
        <Menu
          label={`More for ${name}`}
          entries={[
            { id: 'paste', text: 'Add many…', icon: ClipboardPaste, run: () => setPasting(true) },
            { id: 'rename', text: 'Rename…', icon: Pencil, run: onRename },
            '-',
            { id: 'delete', text: 'Delete', icon: Trash2, tone: 'danger', run: remove },
          ]}
        >
          <IconButton icon={Ellipsis} label={`More for ${name}`} />
        </Menu>
      </div>
      <AddressTest
        address={address}
        onChange={setAddress}
        finding={finding}
        inputRef={testRef}
        actions={
          verdict?.decision === 'deny' && (
            <button
              type="button"
              className="link"
              onClick={() => change([{ action: 'allow', from: verdict.client }, ...rules], `Allowed ${verdict.client}`)}
            >
              Allow it instead
            </button>
          )
        }
      />
      {rules.length === 0 && <p className="second list-empty">No rules yet. Everyone is refused until you add one.</p>}
      <RuleTable
        label={`Rules of ${name}`}
        rules={rules}
        lists={[]}
        otherwise={{ action: 'deny', text: users.length === 0 ? 'Last word of every list' : 'Unless a service’s later rule lets them in' }}
        refused={counts?.lists[id]?.map(({ refused }) => refused) ?? []}
        decides={verdict === null ? null : (verdict.rule?.listIndex ?? 'otherwise')}
        onChange={change}
        onEdit={setEdited}
      />
      {edited !== null && (
        <RuleDialog rule={edited === 'new' ? null : (rules[edited] ?? null)} lists={[]} onSave={keep} onClose={() => setEdited(null)} />
      )}
      {pasting && (
        <PasteDialog
          onClose={() => setPasting(false)}
          onAdd={(added) => {
            setPasting(false)
            change([...rules, ...added], `Added ${added.length} rules`)
          }}
        />
      )}
      <Dialog
        title={`${name} is in use`}
        isOpen={inUse}
        onClose={() => setInUse(false)}
        actions={
          <Button kind="primary" onPress={() => setInUse(false)}>
            OK
          </Button>
        }
      >
        {users.join(', ')} {users.length === 1 ? 'uses' : 'use'} this list. Take it out of {users.length === 1 ? 'that service’s' : 'their'}{' '}
        rules first, then delete it.
      </Dialog>
    </section>
  )
}

function tried(list: ListDocument): ConfigDocument {
  return {
    version: 1,
    accessLists: [list],
    services: [
      { id: TRIED, backends: [{ id: 'none', url: 'http://127.0.0.1:9' }], access: { rules: [{ list: list.id }], default: 'deny' } },
    ],
  }
}
