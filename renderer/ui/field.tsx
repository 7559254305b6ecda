import type { ReactNode } from 'react'
import { FieldError, Label } from 'react-aria-components'
import { StatusGlyph } from './status-glyph'
import './field.css'

/** What every field may have around its box. */
export interface FieldParts {
  readonly label: ReactNode
  /** Says that it may be left out. */
  readonly optional?: boolean
  readonly hint?: ReactNode
  /** What is wrong, in a sentence. It makes the field invalid and is linked to it. */
  readonly error?: string | null | undefined
  /** A finding that does not block saving. */
  readonly finding?: { readonly tone: 'warn' | 'ok' | 'checking'; readonly text: ReactNode } | null | undefined
}

export function FieldLabel({ label, optional }: Pick<FieldParts, 'label' | 'optional'>) {
  return (
    <Label className="field-label">
      {label}
      {optional && <span className="optional"> (optional)</span>}
    </Label>
  )
}

interface FieldMessageProps extends Pick<FieldParts, 'error' | 'finding' | 'hint'> {
  /**
   * Ties a finding or hint to the field, which names it in `aria-describedby` whether it is there or not: React Aria looks
   * for its own slot only when a field is first drawn or turns invalid, and findings come later. Errors it links itself.
   */
  readonly id?: string
}

/** Error, finding or hint below a field's box; the first that there is. */
export function FieldMessage({ error, finding, hint, id }: FieldMessageProps) {
  if (error) {
    return (
      <FieldError className="message" data-tone="down">
        <StatusGlyph state="down" size="small" />
        <span>{error}</span>
      </FieldError>
    )
  }
  if (finding) {
    return (
      <output className="message" data-tone={finding.tone}>
        <StatusGlyph state={finding.tone} size="small" />
        <span id={id}>{finding.text}</span>
      </output>
    )
  }
  return hint === undefined ? null : (
    <span id={id} className="field-hint">
      {hint}
    </span>
  )
}
