import { useId, useState } from 'react'
import { TextArea, TextField as AriaTextField, Label } from 'react-aria-components'
import { parseAddressLines } from '../../../proxy/contract/parse-address-lines'
import { formatNumberOf } from '../../lib/format'
import type { RuleDocument } from '../../lib/rules'
import { Button } from '../button'
import { Dialog } from '../dialog'
import { Segmented } from '../segmented'
import { StatusGlyph } from '../status-glyph'

interface PasteDialogProps {
  readonly onAdd: (rules: readonly RuleDocument[]) => void
  readonly onClose: () => void
}

/** Many addresses at once: lines or CSV, comments kept as notes, each line that is wrong with why. */
export function PasteDialog({ onAdd, onClose }: PasteDialogProps) {
  const label = useId()
  const [text, setText] = useState('')
  const [action, setAction] = useState<'allow' | 'deny'>('allow')
  const { good, bad } = parseAddressLines(text)
  const rules = good.map(({ from, note }) => ({ action, from, ...(note === undefined ? {} : { note }) }))

  async function read(file: File | undefined): Promise<void> {
    if (file) setText(await file.text())
  }

  return (
    <Dialog
      title="Add many addresses"
      isOpen
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={rules.length === 0} onPress={() => onAdd(rules)}>
            {rules.length === 0 ? 'Add rules' : `Add ${formatNumberOf(rules.length, 'rule')}`}
          </Button>
        </>
      }
    >
      <div className="rule-form">
        <AriaTextField className="field" value={text} onChange={setText}>
          <Label className="field-label">Addresses, one a line, or CSV</Label>
          <TextArea
            className="input paste-area mono"
            rows={8}
            spellCheck={false}
            placeholder={'203.0.113.5  # Meyer\n198.51.100.0/24, Branch\n2001:db8::/32'}
          />
          <span className="field-hint">Comments behind # and other columns become notes.</span>
        </AriaTextField>
        <label className="paste-file small">
          <span>or a file: </span>
          <input type="file" accept=".txt,.csv,text/plain,text/csv" onChange={(event) => void read(event.target.files?.[0])} />
        </label>
        <div className="field">
          <span className="field-label" id={label}>
            Then
          </span>
          <Segmented
            label="Then"
            options={[
              { id: 'allow', text: 'Allow' },
              { id: 'deny', text: 'Refuse' },
            ]}
            value={action}
            onChange={setAction}
          />
        </div>
        {text.trim() !== '' && (
          <output className="small">
            {formatNumberOf(good.length, 'address', 'addresses')} read
            {bad.length > 0 ? `, ${formatNumberOf(bad.length, 'line')} left out:` : '.'}
          </output>
        )}
        {bad.length > 0 && (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls has to be reachable by keyboard
          <ul className="paste-bad" aria-label="Lines that are left out" tabIndex={0}>
            {bad.map(({ line, text: given, why }) => (
              <li key={line}>
                <StatusGlyph state="down" size="small" />
                <span>
                  <span className="strong">Line {line}</span>: <span className="mono">{given}</span>, {why}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  )
}
