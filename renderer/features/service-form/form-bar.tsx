import { Button } from '../../ui/button'
import { StatusGlyph } from '../../ui/status-glyph'
import type { Problem } from './model/fields'

interface FormBarProps {
  /** Errors that are shown at their fields by now. */
  readonly errors: readonly Problem[]
  readonly saveText: string
  readonly saving: boolean
  readonly onGoTo: () => void
  readonly onDiscard: () => void
  readonly onSave: () => void
}

/** The form's footer: what is left to fix, and the two ways out. Save is never disabled: it says what is in the way. */
export function FormBar({ errors, saveText, saving, onGoTo, onDiscard, onSave }: FormBarProps) {
  const [first] = errors
  return (
    <footer className="form-bar">
      <output className="form-bar-errors">
        {first && (
          <>
            <StatusGlyph state="down" />
            <span className="truncate">{errors.length === 1 ? `1 thing to fix: ${first.message}` : `${errors.length} things to fix`}</span>
          </>
        )}
      </output>
      {first && first.field !== 'form' && (
        <Button kind="quiet" size="small" onPress={onGoTo}>
          Go to it
        </Button>
      )}
      <span className="push" />
      <Button kind="quiet" keys="Esc" aria-keyshortcuts="Escape" onPress={onDiscard}>
        Discard
      </Button>
      <Button kind="primary" keys="Mod S" aria-keyshortcuts="Control+S" isPending={saving} onPress={onSave}>
        {saveText}
      </Button>
    </footer>
  )
}
