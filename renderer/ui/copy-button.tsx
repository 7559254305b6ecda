import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from './icon-button'
import { showToast } from './toast'

/** Copies a text; the icon says that it did. */
export function CopyButton({
  text,
  label = 'Copy address',
  size = 'small',
}: {
  readonly text: string
  readonly label?: string
  readonly size?: 'normal' | 'small'
}) {
  const [copied, setCopied] = useCopied()
  return (
    <IconButton
      icon={copied ? Check : Copy}
      label={copied ? 'Copied' : label}
      size={size}
      onPress={() => void copyText(text).then(setCopied)}
    />
  )
}

/** Whether something was copied a moment ago, and how to say so: it is forgotten by itself. */
export function useCopied(): [boolean, (copied: boolean) => void] {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = window.setTimeout(() => setCopied(false), 1_500)
    return () => window.clearTimeout(timer)
  }, [copied])
  return [copied, setCopied]
}

/** Puts a text on the clipboard; says so where the system refuses. */
export async function copyText(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => {
      showToast({ tone: 'warn', text: 'The browser did not allow copying.', detail: text })
      return false
    },
  )
}
