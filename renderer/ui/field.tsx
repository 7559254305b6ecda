import type { ReactNode } from 'react'
import { FieldError, Label, Text } from 'react-aria-components'
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

/** Error, finding or hint below a field's box; the first that there is. Inside a React Aria field they are linked to it. */
export function FieldMessage({ error, finding, hint }: Pick<FieldParts, 'error' | 'finding' | 'hint'>) {
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
      <Text slot="description" elementType="output" className="message" data-tone={finding.tone}>
        <StatusGlyph state={finding.tone} size="small" />
        <span>{finding.text}</span>
      </Text>
    )
  }
  return hint === undefined ? null : <Text slot="description" className="field-hint">{hint}</Text>
}
