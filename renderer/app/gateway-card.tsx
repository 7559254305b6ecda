import { ClipboardList, DoorClosed, DoorOpen, Ellipsis, Play, RotateCw, Square } from 'lucide-react'
import { useState } from 'react'
import { countServices } from '../lib/service-counts'
import { formatNumberOf } from '../lib/format'
import { NARROW, useMedia } from '../lib/use-media'
import { useNow } from '../state/clock'
import { useAccessActions } from '../state/access-actions'
import { askToClose } from '../state/close-question'
import { useEngineActions } from '../state/engine-actions'
import { useConfig, useInfo, useStatus } from '../state/hooks'
import { useSession } from '../state/session'
import { copyText } from '../ui/copy-button'
import { ConfirmDialog } from '../ui/dialog'
import { IconButton } from '../ui/icon-button'
import { Menu, type MenuEntry } from '../ui/menu'
import { StatusGlyph } from '../ui/status-glyph'
import { diagnostics } from './diagnostics'
import { gatewayWords } from './gateway-words'
import './gateway-card.css'

/** The gateway's state on every screen, and what can be done to it. */
export function GatewayCard() {
  const session = useSession()
  const now = useNow()
  const info = useInfo()
  const words = useStatus(
    ({ status }) => gatewayWords(status, info, now),
    (a, b) => a.title === b.title && a.detail === b.detail && a.glyph === b.glyph,
  )
  const engine = useStatus(({ status }) => status?.engine.state ?? 'starting')
  const reachable = useStatus(({ status }) => (status ? status.services.length - countServices(status.services).off : 0))
  const act = useEngineActions()
  const access = useAccessActions()
  const closed = useConfig()?.config.settings.closed ?? false
  const narrow = useMedia(NARROW)
  const [stopping, setStopping] = useState(false)
  const off = engine === 'stopped' || engine === 'failed'
  const entries: readonly MenuEntry[] = [
    ...(off ? [{ id: 'start', text: 'Start', icon: Play, run: () => act('start') }] : []),
    ...(off
      ? []
      : [
          { id: 'restart', text: 'Restart', icon: RotateCw, run: () => act('restart') },
          { id: 'stop', text: 'Stop', icon: Square, run: () => (reachable > 0 ? setStopping(true) : act('stop')) },
        ]),
    closed
      ? { id: 'reopen', text: 'Open everything again', icon: DoorOpen, run: () => access.setClosed(false) }
      : { id: 'close', text: 'Close everything…', icon: DoorClosed, run: askToClose },
    '-',
    {
      id: 'diagnostics',
      text: 'Copy diagnostics',
      icon: ClipboardList,
      run: () => void copyText(diagnostics(session.status.get().status, info, navigator.userAgent)),
    },
  ]
  return (
    <section className="gateway-card" aria-label="Gateway">
      <StatusGlyph state={words.glyph} />
      <span className="gateway-title">{words.title}</span>
      <Menu label="Gateway actions" entries={entries} placement="top start">
        <IconButton icon={Ellipsis} label={narrow ? `Gateway actions. ${words.title}` : 'Gateway actions'} size="small" />
      </Menu>
      <span className="gateway-detail">{words.detail}</span>
      <ConfirmDialog
        title="Stop the gateway?"
        confirm="Stop"
        harmful
        isOpen={stopping}
        onCancel={() => setStopping(false)}
        onConfirm={() => {
          setStopping(false)
          act('stop')
        }}
      >
        {formatNumberOf(reachable, 'service')} cannot be reached until you start it again.
      </ConfirmDialog>
    </section>
  )
}
