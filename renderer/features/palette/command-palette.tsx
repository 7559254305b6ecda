import { Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Autocomplete, Dialog, Header, Input, Menu, MenuItem, MenuSection, Modal, ModalOverlay, TextField } from 'react-aria-components'
import { paletteStore } from '../../state/palette'
import { useStore } from '../../state/store'
import { Icon } from '../../ui/icon'
import { KeyHint, KeyHints } from '../../ui/key-hint'
import { type Command, findCommands } from './commands'
import { useCommandWorld } from './use-command-world'
import './command-palette.css'

function run(command: Command): void {
  paletteStore.set(false)
  command.run()
}

/** Search and commands, Ctrl K: everything that the mouse can do to services, and where one can go. */
export function CommandPalette() {
  const isOpen = useStore(paletteStore)
  // Each opening starts empty, also one that comes while the last is still closing.
  const [opening, setOpening] = useState({ isOpen, count: 0 })
  if (opening.isOpen !== isOpen) setOpening({ isOpen, count: opening.count + (isOpen ? 1 : 0) })
  return (
    <ModalOverlay className="scrim" data-place="top" isOpen={isOpen} onOpenChange={(open) => paletteStore.set(open)} isDismissable>
      <Modal className="palette">
        <Dialog className="palette-dialog" aria-label="Search and commands">
          <Palette key={opening.count} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function Palette() {
  const [query, setQuery] = useState('')
  const world = useCommandWorld()
  const groups = useMemo(() => findCommands(query, world), [query, world])

  return (
    <>
      <Autocomplete inputValue={query} onInputChange={setQuery}>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- typing is the only thing this dialog is opened for */}
        <TextField aria-label="Search services, addresses, settings" autoFocus className="palette-query">
          <Icon of={Search} />
          <Input placeholder="Search services, addresses, settings" spellCheck={false} />
        </TextField>
        <Menu
          className="palette-list"
          aria-label="Results"
          renderEmptyState={() => <div className="palette-none">Nothing matches “{query}”.</div>}
        >
          {groups.map(({ title, commands }) => (
            <MenuSection key={title} id={title}>
              <Header className="palette-group">{title}</Header>
              {commands.map((command) => (
                <MenuItem
                  key={command.id}
                  id={command.id}
                  textValue={command.text}
                  className="palette-command"
                  onAction={() => run(command)}
                >
                  <Icon of={command.icon} />
                  <span className="palette-text truncate">{command.text}</span>
                  {command.detail !== undefined && <span className="palette-detail truncate">{command.detail}</span>}
                  <KeyHint keys="Enter" />
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </Menu>
      </Autocomplete>
      <div className="palette-foot">
        <KeyHints
          hints={[
            ['Move', 'Up', 'Down'],
            ['Open', 'Enter'],
            ['Close', 'Esc'],
          ]}
        />
      </div>
    </>
  )
}
