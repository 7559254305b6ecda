import type { LucideIcon } from 'lucide-react'

/** A Lucide icon beside text: hidden from screen readers, drawn in the text's colour. */
export function Icon({ of: Glyph, size = 16 }: { readonly of: LucideIcon; readonly size?: 12 | 14 | 16 | 20 }) {
  return <Glyph className="icon" size={size} aria-hidden="true" />
}
