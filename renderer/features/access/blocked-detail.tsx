import { Plus, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { AccessCounts } from '../../../proxy/contract/access-api'
import type { Config } from '../../../proxy/contract/config/document'
import { formatCount } from '../../lib/format'
import { drawn } from '../../lib/long-list'
import { endWords } from '../../lib/rules'
import { useAccessActions } from '../../state/access-actions'
import { useNow } from '../../state/clock'
import { useClient } from '../../state/hooks'
import { useSave } from '../../state/save'
import { Button } from '../../ui/button'
import { IconButton } from '../../ui/icon-button'
import { LongListSearch } from '../../ui/long-list-search'
import { Switch } from '../../ui/switch'
import { showToast } from '../../ui/toast'
import { BlockDialog } from './block-dialog'

interface BlockedDetailProps {
  readonly config: Config
  readonly counts: AccessCounts | null
  readonly onUnblocked: () => void
}

/** The whole gateway's block list, and clients that were blocked by themselves. */
export function BlockedDetail({ config, counts, onUnblocked }: BlockedDetailProps) {
  const now = useNow()
  const client = useClient()
  const save = useSave()
  const { unblock } = useAccessActions()
  const [adding, setAdding] = useState(false)
  const [query, setQuery] = useState('')
  const rows = useMemo(() => drawn(config.blocked, ({ from, reason = '' }) => `${from} ${reason}`, query), [config.blocked, query])
  const { autoBlock } = config.settings
  const automatic = counts?.automatic ?? []

  async function end(address: string): Promise<void> {
    await client.call('access.unblock', { address }).then(
      () => showToast({ tone: 'ok', text: `${address} is let in again` }),
      () => showToast({ tone: 'down', text: 'The gateway does not answer. Nothing was changed.' }),
    )
    onUnblocked()
  }

  return (
    <section className="list-detail" aria-label="Blocked addresses">
      <div className="list-head">
        <h2 className="list-name">Blocked addresses</h2>
        <span className="second small grow">Refused by every service, before any rule</span>
        <Button size="small" icon={Plus} onPress={() => setAdding(true)}>
          Block an address
        </Button>
      </div>
      <LongListSearch label="Find a blocked address" count={config.blocked.length} more={rows.more} query={query} onChange={setQuery} />
      {config.blocked.length === 0 ? (
        <p className="second list-empty">Nobody is blocked. Activity has every visitor’s address, with a button to block it.</p>
      ) : (
        <table className="table block-table">
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Reason</th>
              <th scope="col">Ends</th>
              <th scope="col" className="end">
                Refused
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.items.map(({ item: { from, reason, until }, at }) => (
              <tr key={`${from} ${until ?? ''}`}>
                <td className="mono wrap-anywhere">{from}</td>
                <td className="second wrap-anywhere">{reason ?? ''}</td>
                <td className="second">{endWords(until, now) ?? 'Never'}</td>
                <td className="end quiet">{formatCount(counts?.blocked[at] ?? 0)}</td>
                <td>
                  <IconButton icon={Trash2} label={`Unblock ${from}`} size="small" onPress={() => unblock(from)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="list-head auto-head">
        <h2 className="list-name">Blocked automatically</h2>
        <span className="second small grow">
          Visitors refused {autoBlock.refusals} times in {Math.round(autoBlock.within / 1_000)} s, for {Math.round(autoBlock.for / 60_000)}{' '}
          min. Never this computer, nor whom a rule allows.
        </span>
        <Switch
          side="before"
          isSelected={autoBlock.enabled}
          onChange={(enabled) =>
            void save(enabled ? 'Switched automatic blocks on' : 'Switched automatic blocks off', (document) => ({
              ...document,
              settings: { ...document.settings, autoBlock: { ...document.settings?.autoBlock, enabled } },
            }))
          }
          aria-label="Block visitors that keep being refused"
        >
          <span className="second" aria-hidden="true">
            {autoBlock.enabled ? 'On' : 'Off'}
          </span>
        </Switch>
      </div>
      {automatic.length > 0 && (
        <table className="table block-table">
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Reason</th>
              <th scope="col">Ends</th>
              <th scope="col" className="end">
                Refused
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {automatic.map(({ address, reason, until, refused }) => (
              <tr key={address}>
                <td className="mono wrap-anywhere">{address}</td>
                <td className="second">{reason}</td>
                <td className="second">{endWords(new Date(until).toISOString(), now)}</td>
                <td className="end quiet">{formatCount(refused)}</td>
                <td>
                  <Button size="small" onPress={() => void end(address)}>
                    End now
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {autoBlock.enabled && automatic.length === 0 && <p className="second list-empty">Nobody at the moment.</p>}
      {adding && <BlockDialog onClose={() => setAdding(false)} />}
    </section>
  )
}
