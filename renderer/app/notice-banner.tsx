import { X } from 'lucide-react'
import { useEffect } from 'react'
import { asSentence } from '../lib/format'
import { useInfo } from '../state/hooks'
import { useSession } from '../state/session'
import { createStore, useStore } from '../state/store'
import { Banner } from '../ui/banner'
import { IconButton } from '../ui/icon-button'
import { showToast } from '../ui/toast'
import './notice-banner.css'

const dismissedStore = createStore<ReadonlySet<string>>(new Set())

/** The newest error that the host told and the person has not put away: a file set aside, a refused edit. */
export function NoticeBanner() {
  const { notices } = useSession()
  const earlier = useInfo()?.notices ?? []
  const all = [...earlier, ...useStore(notices)]
  const dismissed = useStore(dismissedStore)
  const notice = all.findLast(({ id, level }) => level === 'error' && !dismissed.has(id))
  if (!notice) return null
  return (
    <Banner
      tone="down"
      title={notice.title}
      actions={<IconButton icon={X} label="Put away" onPress={() => dismissedStore.set(new Set([...dismissed, notice.id]))} />}
    >
      <span className="notice-text">{notice.text}</span>
    </Banner>
  )
}

/** Says when the engine ended by itself and is back: too short to see, too important not to know. */
export function useCrashToast(): void {
  const { status } = useSession()
  useEffect(() => {
    let known = status.get().status?.engine.restarts ?? null
    return status.subscribe(() => {
      const engine = status.get().status?.engine
      if (!engine || engine.state !== 'running') return
      if (known !== null && engine.restarts > known && engine.lastFailure !== null) {
        showToast({ tone: 'warn', text: 'The gateway stopped by itself and runs again', detail: asSentence(engine.lastFailure) })
      }
      known = engine.restarts
    })
  }, [status])
}
