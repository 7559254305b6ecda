import { useMemo } from 'react'
import { askToClose } from '../../state/close-question'
import { useAccessActions } from '../../state/access-actions'
import { useEngineActions } from '../../state/engine-actions'
import { useConfig, useEngine } from '../../state/hooks'
import { navigate } from '../../state/route'
import { useServiceActions } from '../../state/service-actions'
import { useSession } from '../../state/session'
import { chooseTheme } from '../../state/theme'
import { copyText } from '../../ui/copy-button'
import { openOutside } from '../../ui/link'
import { showToast } from '../../ui/toast'
import type { CommandWorld } from './commands'

/** The commands' world as it is now. */
export function useCommandWorld(): CommandWorld {
  const session = useSession()
  const config = useConfig()?.config
  const services = config?.services
  const closed = config?.settings.closed ?? false
  const access = useAccessActions()
  const engine = useEngine()?.state ?? null
  const actions = useServiceActions()
  const gateway = useEngineActions()
  return useMemo(() => {
    const addressOf = (id: string): string | null =>
      session.status.get().status?.services.find((service) => service.id === id)?.addresses[0] ?? null
    return {
      services: services ?? [],
      addressOf,
      engine,
      go: navigate,
      copy(id) {
        const address = addressOf(id)
        if (address !== null)
          void copyText(address).then((done) => done && showToast({ tone: 'ok', text: 'Address copied', detail: address }))
      },
      open: openOutside,
      setEnabled: actions.setEnabled,
      gateway,
      theme: chooseTheme,
      closed,
      setClosed: (close) => (close ? askToClose() : access.setClosed(false)),
    }
  }, [session, services, engine, actions, gateway, closed, access])
}
