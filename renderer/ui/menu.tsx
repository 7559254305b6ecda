import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components'
import { Icon } from './icon'
import { KeyHint } from './key-hint'
import './select.css'
import './menu.css'

/** A line of a menu, or `'-'` between groups. */
export type MenuEntry =
  | '-'
  | {
      readonly id: string
      readonly text: string
      readonly icon?: LucideIcon
      readonly keys?: string
      readonly tone?: 'danger'
      readonly isDisabled?: boolean
      run(): void
    }

interface MenuProps {
  readonly label: string
  readonly entries: readonly MenuEntry[]
  /** What opens it. */
  readonly children: ReactElement
  readonly placement?: 'bottom end' | 'bottom start' | 'top start' | 'top end'
}

/** A menu behind a button. */
export function Menu({ label, entries, children, placement = 'bottom end' }: MenuProps) {
  return (
    <MenuTrigger>
      {children}
      <Popover className="popover" placement={placement} offset={4}>
        <MenuList label={label} entries={entries} />
      </Popover>
    </MenuTrigger>
  )
}

/** A menu's lines, for a popover that is opened in another way. */
export function MenuList({ label, entries, onClose }: Pick<MenuProps, 'label' | 'entries'> & { readonly onClose?: () => void }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-autofocus -- where a menu opens, the focus goes into it
    <AriaMenu aria-label={label} className="options" {...(onClose ? { onClose, autoFocus: 'first' as const } : {})}>
      {entries.map((entry, index) =>
        entry === '-' ? <Separator key={`after-${index}`} className="menu-line" /> : <Entry key={entry.id} entry={entry} />,
      )}
    </AriaMenu>
  )
}

function Entry({ entry }: { readonly entry: Exclude<MenuEntry, '-'> }) {
  return (
    <MenuItem
      id={entry.id}
      textValue={entry.text}
      className="option"
      data-tone={entry.tone}
      isDisabled={entry.isDisabled ?? false}
      onAction={() => entry.run()}
    >
      {entry.icon && <Icon of={entry.icon} />}
      <span className="grow">{entry.text}</span>
      {entry.keys !== undefined && <KeyHint keys={entry.keys} />}
    </MenuItem>
  )
}
