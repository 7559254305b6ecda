import { useMemo } from 'react'
import { CallError } from '../../proxy/contract/failure'
import type { BackendState } from '../../proxy/contract/status'
import { showToast } from '../ui/toast'
import { type Save, useSave } from './save'
import { type Session, useSession } from './session'

/** What can be done to a backend while its service runs. Each acts at once; what can be taken back offers Undo. */
export interface BackendActions {
  readonly setState: (service: string, backend: string, from: BackendState, to: BackendState) => void
  /** Ends what still runs on it: nothing brings that back. */
  readonly cut: (service: string, backend: string) => void
  readonly check: (service: string, backend: string) => void
  /** Null when the swap is done, else why it was refused. */
  readonly swap: (service: string, backend: string, url: string) => Promise<string | null>
  readonly undoSwap: (service: string, backend: string) => void
  /** Takes it out of the configuration. */
  readonly remove: (service: string, backend: string) => void
}

const DONE = {
  active: 'takes requests again',
  draining: 'finishes what it has and gets nothing new',
  maintenance: 'is in maintenance',
} as const

export function useBackendActions(): BackendActions {
  const session = useSession()
  const save = useSave()
  return useMemo(() => actions(session, save), [session, save])
}

function actions({ client, status }: Session, save: Save): BackendActions {
  /** Says why something was refused, and reads what it has changed. */
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act()
      await status.refresh()
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      showToast({ tone: 'down', text: 'Nothing was changed.', detail: error.message })
    }
  }
  const setState = (service: string, backend: string, from: BackendState, to: BackendState): void =>
    void attempt(async () => {
      const { warning } = await client.call('backend.state', { service, backend, state: to, disconnect: false, by: 'window' })
      showToast({
        tone: warning === null ? 'ok' : 'warn',
        text: `${backend} ${DONE[to]}`,
        ...(warning === null ? {} : { detail: warning }),
        action: { label: 'Undo', run: () => setState(service, backend, to, from) },
      })
    })
  const undoSwap = (service: string, backend: string): void =>
    void attempt(async () => {
      const { backend: old } = await client.call('backend.swap.undo', { service, backend, by: 'window' })
      showToast({ tone: 'ok', text: `${old} takes requests again` })
    })
  return {
    setState,
    undoSwap,
    cut: (service, backend) =>
      void attempt(async () => {
        await client.call('backend.state', { service, backend, state: 'maintenance', disconnect: true, by: 'window' })
        showToast({ tone: 'ok', text: `${backend} is in maintenance`, detail: 'What ran on it was cut.' })
      }),
    check: (service, backend) =>
      void attempt(async () => {
        await client.call('backend.check', { service, backend })
        await status.refresh()
        const now = status
          .get()
          .status?.services.find(({ id }) => id === service)
          ?.backends.find(({ id }) => id === backend)
        showToast(
          now?.health === 'down'
            ? { tone: 'down', text: `${backend} is down`, ...(now.reason === null ? {} : { detail: now.reason }) }
            : { tone: 'ok', text: `${backend} answers` },
        )
      }),
    swap: async (service, backend, url) => {
      try {
        const { backend: added } = await client.call('backend.swap', { service, backend, url, by: 'window' })
        showToast({
          tone: 'ok',
          text: `${added} does the work of ${backend}`,
          action: { label: 'Undo', run: () => undoSwap(service, backend) },
        })
        await status.refresh()
        return null
      } catch (error) {
        if (!(error instanceof CallError)) throw error
        return error.issues[0]?.message ?? error.message
      }
    },
    remove: (service, backend) =>
      void save(`Removed ${backend}`, (document) => ({
        ...document,
        services: (document.services ?? []).map((one) => {
          if (one.id !== service) return one
          const backends = (one.backends ?? [])
            .filter(({ id }) => id !== backend)
            .map(({ replaces, ...rest }) => (replaces === undefined || replaces === backend ? rest : { ...rest, replaces }))
          return { ...one, backends }
        }),
      })),
  }
}
