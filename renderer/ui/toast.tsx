import { X } from 'lucide-react'
import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components'
import { Button } from './button'
import { IconButton } from './icon-button'
import { StatusGlyph } from './status-glyph'
import './toast.css'

// The one file that knows the library's toast, which it still calls unstable.

/** What is said in passing. */
export interface ToastMessage {
  readonly tone: 'ok' | 'warn' | 'down'
  readonly text: string
  readonly detail?: string
  /** Not about what was done on this screen: an error, too, is shown on after another one was opened. */
  readonly stays?: boolean
  /** Closes the toast, too. */
  readonly action?: { readonly label: string; run(): void }
}

/** Undo is offered for as long (DESIGN §6); pointer or focus on it holds the time. */
const SHOWN = 10_000

const queue = new ToastQueue<ToastMessage>({ maxVisibleToasts: 3 })

/** Says something without taking the focus; gone after ten seconds, or once the function that it gives is called. */
export function showToast(message: ToastMessage): () => void {
  const key = queue.add(message, { timeout: SHOWN })
  return () => queue.close(key)
}

/** Another screen is shown: what failed on the one before is no longer seen there. */
export function closeErrors(): void {
  for (const { key, content } of queue.visibleToasts) if (content.tone === 'down' && !content.stays) queue.close(key)
}

/** Where toasts show; once per page. */
export function Toasts() {
  return (
    <ToastRegion queue={queue} className="toasts" aria-label="Messages">
      {({ toast }) => (
        <Toast toast={toast} className="toast">
          <ToastContent className="toast-text">
            <StatusGlyph state={toast.content.tone} />
            <Text slot="title" className="strong">
              {toast.content.text}
            </Text>
            {toast.content.detail !== undefined && (
              <Text slot="description" className="toast-detail">
                {toast.content.detail}
              </Text>
            )}
          </ToastContent>
          {toast.content.action && (
            <Button
              size="small"
              onPress={() => {
                queue.close(toast.key)
                toast.content.action?.run()
              }}
            >
              {toast.content.action.label}
            </Button>
          )}
          <IconButton slot="close" icon={X} label="Close" size="small" />
        </Toast>
      )}
    </ToastRegion>
  )
}
