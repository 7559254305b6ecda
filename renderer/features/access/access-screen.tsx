import { DoorClosed, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { isAddressPreset } from '../../../proxy/contract/config/access'
import { freeId, slug } from '../../../proxy/contract/expose'
import type { SavedConfig } from '../../state/config'
import { askToClose } from '../../state/close-question'
import { useConfig, useInfo } from '../../state/hooks'
import { navigate } from '../../state/route'
import { useShortcuts } from '../../state/shortcuts'
import { Button } from '../../ui/button'
import { Footer } from '../../ui/footer'
import { LockOutDialog } from '../../ui/lock-out-dialog'
import { Screen } from '../../ui/screen'
import { SkeletonRows } from '../../ui/skeleton'
import { BlockedDetail } from './blocked-detail'
import { ListDetail } from './list-detail'
import { ListNameDialog } from './list-name-dialog'
import { ListsNav } from './lists-nav'
import { PresetDetail } from './preset-detail'
import { useAccessCounts } from '../../state/use-access-counts'
import { useSaveAccess } from '../../state/use-save-access'
import './access.css'

/** `#/access`: who is let in, in lists that services share, and whom nobody lets in. */
export function AccessScreen({ of }: { readonly of: string }) {
  const saved = useConfig()
  if (saved === null)
    return (
      <Screen title="Access" footer={<Footer />}>
        <SkeletonRows rows={5} label="Loading the lists" />
      </Screen>
    )
  return <Loaded saved={saved} of={of} />
}

function Loaded({ saved: { document, config }, of }: { readonly saved: SavedConfig; readonly of: string }) {
  const info = useInfo()
  const { counts, again } = useAccessCounts()
  const saving = useSaveAccess()
  const [naming, setNaming] = useState<'new' | 'rename' | null>(null)
  const test = useRef<HTMLInputElement>(null)
  const lists = document.accessLists ?? []
  const shown = of === '' ? (lists[0]?.id ?? '~blocked') : of
  const list = lists.find(({ id }) => id === shown)
  const preset = shown.slice(1)

  useShortcuts({ n: () => setNaming('new'), t: () => test.current?.focus() })

  function create(name: string): void {
    setNaming(null)
    const id = freeId(
      slug(name),
      lists.map((other) => other.id),
    )
    void saving
      .save(`Added the list ${name}`, (latest) => ({ ...latest, accessLists: [...(latest.accessLists ?? []), { id, name, rules: [] }] }))
      .then(() => navigate({ screen: 'access', of: id }))
  }

  function rename(name: string): void {
    setNaming(null)
    void saving.save(`Renamed a list to ${name}`, (latest) => ({
      ...latest,
      accessLists: (latest.accessLists ?? []).map((other) => (other.id === shown ? { ...other, name } : other)),
    }))
  }

  return (
    <Screen
      title="Access"
      lead="Lists say who can open a service. Rules are read from the top, and the first match decides."
      actions={
        <>
          <Button icon={DoorClosed} isDisabled={config.settings.closed} onPress={askToClose}>
            Close everything
          </Button>
          <Button kind="primary" icon={Plus} keys="N" onPress={() => setNaming('new')}>
            New list
          </Button>
        </>
      }
      footer={
        <Footer
          hints={[
            ['Test', 'T'],
            ['Add rule', 'A'],
            ['Move rule', 'Alt+↑↓'],
          ]}
        >{`${lists.length + 5} lists`}</Footer>
      }
    >
      <div className="access">
        <ListsNav config={config} networks={info?.networks ?? []} of={shown} />
        {list !== undefined && (
          <ListDetail
            key={list.id}
            document={document}
            list={list}
            counts={counts}
            saving={saving}
            testRef={test}
            onRename={() => setNaming('rename')}
          />
        )}
        {shown === '~blocked' && <BlockedDetail config={config} counts={counts} onUnblocked={again} />}
        {shown.startsWith('~') && isAddressPreset(preset) && <PresetDetail preset={preset} config={config} info={info} />}
        {list === undefined && shown !== '~blocked' && !isAddressPreset(preset) && (
          <p className="second list-detail">There is no such list. It may have been deleted; History brings it back.</p>
        )}
      </div>
      {naming !== null && (
        <ListNameDialog
          name={naming === 'new' ? null : (list?.name ?? shown)}
          taken={lists.filter(({ id }) => naming === 'new' || id !== shown).map(({ id, name }) => name ?? id)}
          onSave={naming === 'new' ? create : rename}
          onClose={() => setNaming(null)}
        />
      )}
      <LockOutDialog
        impact={saving.impact}
        nameOf={(id) => config.services.find((service) => service.id === id)?.name ?? id}
        onSave={saving.goOn}
        onCancel={saving.goBack}
      />
    </Screen>
  )
}
