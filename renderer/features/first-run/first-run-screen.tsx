import { Folder, Globe, type LucideIcon, Monitor, RefreshCw } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { formatMs, formatNumberOf } from '../../lib/format'
import { useInfo } from '../../state/hooks'
import { type ExposeKind, navigate } from '../../state/route'
import { Button } from '../../ui/button'
import { Icon } from '../../ui/icon'
import { KeyHints } from '../../ui/key-hint'
import { Mark } from '../../ui/mark'
import { SkeletonRows } from '../../ui/skeleton'
import { OpenItem, SharedItem } from './found-item'
import { Readiness } from './readiness'
import { endFirstRun } from './use-first-run'
import { useExpose } from './use-expose'
import { useScan } from './use-scan'
import './first-run-screen.css'

const WAYS: readonly { readonly kind: ExposeKind; readonly icon: LucideIcon; readonly text: string; readonly hint: string }[] = [
  { kind: 'web', icon: Globe, text: 'A web page', hint: 'On any machine nearby' },
  { kind: 'files', icon: Folder, text: 'Hosted files', hint: 'A folder to browse' },
  { kind: 'machine', icon: Monitor, text: 'A remote machine', hint: 'Desktop, SSH, camera' },
]

function leave(): void {
  endFirstRun()
  navigate({ screen: 'services' })
}

/** What listens on this computer, each with one button; the first screen of a new gateway, and "Find on this computer" later. */
export function FirstRunScreen() {
  const list = useRef<HTMLUListElement>(null)
  const scan = useScan()
  const { exposed, expose, undo } = useExpose()
  const idOf = (url: string, exposedBy: string | null): string | null => exposed.get(url)?.id ?? exposedBy
  const firstOpen = scan.found.find(({ url, exposedBy }) => idOf(url, exposedBy) === null)
  const shared = scan.found.filter(({ url, exposedBy }) => idOf(url, exposedBy) !== null).length
  return (
    <div className="stage">
      <section className="intro" aria-label="About this">
        <Mark size={44} />
        <h1 tabIndex={-1}>Pick what to share</h1>
        <Lead scanning={scan.duration === null && scan.scanning} count={scan.found.length} />
        <Readiness />
      </section>
      <section className="choices" aria-label="Found on this computer">
        <div className="choices-head">
          <h2>Found on this computer</h2>
          <output className="small quiet">
            {scan.scanning
              ? 'Looking for web services'
              : scan.duration === null
                ? ''
                : `${formatNumberOf(scan.checked, 'port')} checked in ${formatMs(scan.duration)}`}
          </output>
          <Button size="small" icon={RefreshCw} onPress={scan.again}>
            Scan again
          </Button>
        </div>
        {scan.found.length === 0 ? (
          <Nothing scanning={scan.scanning} problem={scan.problem} />
        ) : (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears keys of the buttons within
          <ul ref={list} className="choices-list" onKeyDown={moveBetweenButtons}>
            {scan.found.map((found) => {
              const id = idOf(found.url, found.exposedBy)
              if (id === null)
                return (
                  <OpenItem
                    key={found.url}
                    found={found}
                    isFirst={found === firstOpen}
                    onExpose={(preset) => void expose(found, preset).then(() => focusNext(list.current, found.url))}
                  />
                )
              return (
                <SharedItem
                  key={found.url}
                  found={found}
                  id={id}
                  {...(exposed.has(found.url) ? { onUndo: () => void undo(found.url).then(() => focusNext(list.current, found.url)) } : {})}
                />
              )
            })}
          </ul>
        )}
        <div className="choices-else">
          <p>Something else?</p>
          <div className="ways">
            {WAYS.map(({ kind, icon, text, hint }) => (
              <AriaButton key={kind} className="way" onPress={() => navigate({ screen: 'expose', url: '', name: '', kind })}>
                <Icon of={icon} size={20} />
                <span>
                  <span className="way-text">{text}</span>
                  <span className="small quiet">{hint}</span>
                </span>
              </AriaButton>
            ))}
          </div>
        </div>
        <div className="choices-foot">
          <output>{scan.found.length > 0 && `${shared} of ${scan.found.length} shared`}</output>
          {scan.found.length > 0 && (
            <KeyHints
              hints={[
                ['Move', 'Up', 'Down'],
                ['Expose', 'Enter'],
              ]}
            />
          )}
          <span className={scan.found.length > 0 ? '' : 'push'}>
            <Button onPress={leave}>Go to services</Button>
          </span>
        </div>
      </section>
    </div>
  )
}

function Lead({ scanning, count }: { readonly scanning: boolean; readonly count: number }) {
  const networks = useInfo()?.networks ?? []
  const what = scanning
    ? 'We are looking at the usual places on this computer.'
    : count === 0
      ? 'We looked at the usual places on this computer.'
      : `We looked at the usual places on this computer and found ${formatNumberOf(count, 'web service')}.`
  return (
    <>
      <p>{what} Nothing is shared until you choose Expose.</p>
      <p>
        To begin with, only devices on your office network{networks[0] === undefined ? '' : ` (${networks[0]})`} can open what you share.
        You can widen or narrow that at any time.
      </p>
    </>
  )
}

function Nothing({ scanning, problem }: { readonly scanning: boolean; readonly problem: string | null }): ReactNode {
  if (scanning)
    return (
      <div className="choices-list">
        <SkeletonRows rows={4} label="Looking for web services" />
      </div>
    )
  if (problem !== null) return <p className="choices-note">{problem}</p>
  return <p className="choices-note">Nothing is running here yet. Start something and scan again, or choose below.</p>
}

/** Once a row's button is gone, the focus goes to its Expose button or to the next one below, else to the last. */
function focusNext(list: HTMLElement | null, url: string): void {
  requestAnimationFrame(() => {
    if (!list || list.contains(document.activeElement)) return
    const rows = [...list.children]
    const at = rows.findIndex((row) => row.getAttribute('data-url') === url)
    const buttons = [...list.querySelectorAll<HTMLElement>('[data-expose]')]
    const next = buttons.find((button) => rows.findIndex((row) => row.contains(button)) >= at) ?? buttons.at(-1)
    next?.focus()
  })
}

/** Up and Down go from one Expose button to the next. */
function moveBetweenButtons(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-expose]')]
  const at = buttons.findIndex((button) => button === event.target)
  if (at < 0) return
  event.preventDefault()
  buttons[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}
