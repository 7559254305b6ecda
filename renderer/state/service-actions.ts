import { useMemo } from 'react'
import { wallTime } from '../../proxy/contract/clock'
import { CallError } from '../../proxy/contract/failure'
import { cloneService, muteUntil, removeService, setEnabled, setMaintenance } from '../lib/service-edits'
import { showToast } from '../ui/toast'
import { findOwnPort } from './own-port'
import { type Save, useSave } from './save'
import { type Session, useSession } from './session'

/** What can be done to a service from a list, a menu or the palette. Each is saved at once and can be undone. */
export interface ServiceActions {
  readonly setEnabled: (id: string, enabled: boolean) => void
  /** Shows all visitors the maintenance page, or ends that. */
  readonly setMaintenance: (id: string, on: boolean) => void
  /** Tells nobody about it for so many ms; null: tells again. */
  readonly mute: (id: string, time: number | null) => void
  /** Copies it to a port of its own. */
  readonly clone: (id: string) => void
  readonly remove: (id: string) => void
}

export function useServiceActions(): ServiceActions {
  const session = useSession()
  const save = useSave()
  return useMemo(() => {
    const nameOf = (id: string): string => session.config.get()?.config.services.find((service) => service.id === id)?.name ?? id
    return {
      setEnabled: (id, enabled) =>
        void save(`Switched ${nameOf(id)} ${enabled ? 'on' : 'off'}`, (document) => setEnabled(document, id, enabled)),
      setMaintenance: (id, on) =>
        void save(on ? `Visitors of ${nameOf(id)} see the maintenance page` : `Visitors see ${nameOf(id)} again`, (document) =>
          setMaintenance(document, id, on),
        ),
      mute: (id, time) =>
        void save(time === null ? `Alerts of ${nameOf(id)} are on again` : `Muted ${nameOf(id)}`, (document) =>
          muteUntil(document, id, time === null ? null : wallTime() + time),
        ),
      clone: (id) => void cloneTo(session, save, id, nameOf(id)),
      remove: (id) => void save(`Deleted ${nameOf(id)}`, (document) => removeService(document, id)),
    }
  }, [session, save])
}

async function cloneTo({ client, config }: Session, save: Save, id: string, name: string): Promise<void> {
  const saved = config.get()
  if (!saved) return
  try {
    const isUdp = saved.document.services?.find((service) => service.id === id)?.type === 'udp'
    const port = await findOwnPort(client, saved.document, isUdp ? 'udp' : 'tcp')
    await save(`Cloned ${name} to port ${port}`, (document) => cloneService(document, id, port)?.document ?? document)
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    showToast({ tone: 'down', text: 'Nothing was changed.', detail: error.message })
  }
}
