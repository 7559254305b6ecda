import { type ReactNode, useId } from 'react'

interface FormRowProps {
  readonly label: string
  readonly hint?: string
  readonly children: ReactNode
}

/** One question of the form: what it asks at the left, its fields at the right. */
export function FormRow({ label, hint, children }: FormRowProps) {
  const id = useId()
  return (
    <fieldset className="form-row" aria-labelledby={id}>
      <div className="form-row-label">
        <span id={id} className="strong">
          {label}
        </span>
        {hint !== undefined && <span className="field-hint">{hint}</span>}
      </div>
      <div className="form-row-fields">{children}</div>
    </fieldset>
  )
}
