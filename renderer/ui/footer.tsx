import type { ReactNode } from 'react'
import { formatClockSeconds } from '../lib/format'
import { useElapsed } from '../state/clock'
import { useStatus } from '../state/hooks'
import { KeyHints } from './key-hint'
import './footer.css'

/** After this long without live numbers the last ones must not pass for live. */
const SILENCE = 3_000

/** A screen's footer: whether its numbers are live, what the screen says beside it, and its keys. */
export function Footer({
  hints = [],
  children,
}: {
  readonly hints?: Parameters<typeof KeyHints>[0]['hints']
  readonly children?: ReactNode
}) {
  return (
    <footer className="screen-foot">
      <LiveMark />
      {children}
      {hints.length > 0 && <KeyHints hints={hints} />}
    </footer>
  )
}

function LiveMark() {
  const live = useLive()
  const heardAt = useStatus((status) => (live ? null : status.heardAt))
  if (live)
    return (
      <span className="live">
        <span className="live-dot" />
        Live
      </span>
    )
  return (
    <span className="live" data-live="false">
      <span className="live-dot" />
      {heardAt === null ? 'No figures yet' : `Paused, last update ${formatClockSeconds(heardAt.at)}`}
    </span>
  )
}

/** Whether the gateway runs and its figures are fresh; otherwise a dash stands in their place. */
export function useLive(): boolean {
  const now = useElapsed()
  return useStatus(({ status, heardAt }) => status?.engine.state === 'running' && heardAt !== null && now - heardAt.elapsed <= SILENCE)
}
