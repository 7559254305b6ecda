import { Ellipsis, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { DEFAULTS } from '../../../proxy/contract/config/facts'
import { PROTOCOL_OF } from '../../../proxy/contract/config/service-kinds'
import type { Listener } from '../../../proxy/contract/config/listener'
import { asSentence, formatNumberOf } from '../../lib/format'
import type { SavedConfig } from '../../state/config'
import { useEngine, useStatus } from '../../state/hooks'
import { useSave } from '../../state/save'
import { Button } from '../../ui/button'
import { ConfirmDialog, Dialog } from '../../ui/dialog'
import { IconButton } from '../../ui/icon-button'
import { Menu } from '../../ui/menu'
import { StateText } from '../../ui/status-glyph'
import { ListenerDialog } from './listener-dialog'
import { type ListenerDraft, listenerUse, putListener, removeListener } from './model/listener-edits'
import { SettingsSection } from './settings-section'

/** The ports visitors connect to. */
export function Listeners({ saved }: { readonly saved: SavedConfig }) {
  const { document, config } = saved
  const save = useSave()
  const [edited, setEdited] = useState<ListenerDraft | null>(null)
  const [removed, setRemoved] = useState<Listener | null>(null)
  const use = removed ? listenerUse(document, removed.id) : null

  function keep(draft: ListenerDraft): void {
    setEdited(null)
    void save(draft.id === null ? `Opened port ${draft.port}` : `Changed port ${draft.port}`, (latest) => putListener(latest, draft))
  }

  function remove(listener: Listener): void {
    setRemoved(null)
    void save(`Closed port ${listener.port}`, (latest) => removeListener(latest, listener.id))
  }

  return (
    <SettingsSection
      title="Ports"
      text="Where visitors connect. A service answers on the common ports or on one of its own; ports of machines (TCP, UDP) come with their services."
      actions={
        <Button icon={Plus} onPress={() => setEdited({ id: null, address: DEFAULTS.listener.address, port: '' })}>
          Add a port
        </Button>
      }
    >
      {config.listeners.length === 0 ? (
        <p className="second">No port is open, so nothing can be reached.</p>
      ) : (
        <table className="settings-table">
          <thead>
            <tr>
              <th scope="col">Port</th>
              <th scope="col">Address</th>
              <th scope="col">State</th>
              <th scope="col">Used by</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {config.listeners.map((listener) => (
              <tr key={listener.id}>
                <th scope="row" className="strong">
                  {listener.port}
                  {listener.protocol !== 'http' && <span className="role-tag">{listener.protocol.toUpperCase()}</span>}
                </th>
                <td>{addressInWords(listener.address)}</td>
                <td>
                  <ListenerState id={listener.id} />
                </td>
                <td className="wrap-anywhere">
                  {usedBy(
                    listenerUse(document, listener.id).named,
                    config.services.filter(({ listeners, type }) => listeners === undefined && PROTOCOL_OF[type] === listener.protocol)
                      .length,
                  )}
                </td>
                <td className="end">
                  <Menu
                    label={`Port ${listener.port}`}
                    entries={[
                      {
                        id: 'edit',
                        text: 'Change',
                        icon: Pencil,
                        run: () => setEdited({ id: listener.id, address: listener.address, port: String(listener.port) }),
                      },
                      {
                        id: 'remove',
                        text: 'Remove',
                        icon: Trash2,
                        tone: 'danger',
                        run: () => (listenerUse(document, listener.id).named.length > 0 ? setRemoved(listener) : remove(listener)),
                      },
                    ]}
                  >
                    <IconButton icon={Ellipsis} label={`Actions for port ${listener.port}`} />
                  </Menu>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {edited && <ListenerDialog document={document} draft={edited} onChange={setEdited} onClose={() => setEdited(null)} onSave={keep} />}
      <Dialog
        title={`Port ${removed?.port ?? ''} is in use`}
        isOpen={use !== null && use.only.length > 0}
        onClose={() => setRemoved(null)}
        actions={
          <Button kind="primary" onPress={() => setRemoved(null)}>
            OK
          </Button>
        }
      >
        {inWords(use?.only ?? [])} {use?.only.length === 1 ? 'has' : 'have'} no other port. Give {use?.only.length === 1 ? 'it' : 'them'}{' '}
        another one first, or delete {use?.only.length === 1 ? 'it' : 'them'}.
      </Dialog>
      <ConfirmDialog
        title={`Close port ${removed?.port ?? ''}?`}
        confirm="Close port"
        harmful
        isOpen={removed !== null && use !== null && use.only.length === 0}
        onCancel={() => setRemoved(null)}
        onConfirm={() => removed && remove(removed)}
      >
        {inWords(use?.named ?? [])} cannot be reached on it any more. Other ports stay open.
      </ConfirmDialog>
    </SettingsSection>
  )
}

function ListenerState({ id }: { readonly id: string }) {
  const listener = useStatus(({ status }) => status?.listeners.find((other) => other.id === id) ?? null)
  const engine = useEngine()?.state
  if (engine !== 'running') return <StateText state="off">Not running</StateText>
  if (!listener) return <StateText state="checking">Checking</StateText>
  if (listener.state === 'listening') return <StateText state="ok">Open</StateText>
  return (
    <>
      <StateText state="down">Not open</StateText>
      <span className="settings-reason small">{listener.reason === null ? '' : asSentence(listener.reason)}</span>
    </>
  )
}

function addressInWords(address: string): string {
  if (address === '0.0.0.0') return 'Every IPv4 address'
  return address === '::' ? 'Every address, IPv4 and IPv6' : address
}

function usedBy(named: readonly string[], unnamed: number): string {
  if (unnamed > 0)
    return named.length === 0 ? formatNumberOf(unnamed, 'service') : `${inWords(named)} and ${formatNumberOf(unnamed, 'more', 'more')}`
  return named.length === 0 ? 'Nobody yet' : inWords(named)
}

/** `Wiki, Camera and 3 more`. */
function inWords(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
